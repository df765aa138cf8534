/**
 * Names that are like a text which is nothing and is held by nothing: of namespaces, containers, networks and links. They are
 * offers, not hits, and say so. On addresses and ids this would be noise: those are not compared.
 */
import { fuzzy } from '../lib/fuzzy.ts'
import { listOf } from '../model/known.ts'
import type { Found } from '../model/found.ts'
import { findContainers, withContainer } from './find-containers.ts'
import type { FindIndex } from './find-index.ts'
import { foundLink } from './find-links.ts'
import { findNetns } from './find-netns.ts'
import { containerIndex } from './rules/container-index.ts'
import type { Token } from './tokens.ts'

/** More would be a list to look through. */
const most = 6

type Named = {
  readonly name: string
  readonly score: number
  readonly found: () => readonly Found[]
}

/** Best first. */
export function nearNames(index: FindIndex, text: string): readonly Found[] {
  if (!isName(text)) return []
  const near: Named[] = []
  const compare = (name: string, found: () => readonly Found[]): void => {
    const score = nearness(name, text)
    if (score !== null) near.push({ name, score, found })
  }
  for (const name of index.byNetnsName.keys())
    compare(name, () => findNetns(index, alone(name)).filter(({ what }) => what === 'netns'))
  for (const name of new Set(engineNames(index)))
    compare(name, () => findContainers(index, alone(name)).filter(({ ref }) => ref.name === name))
  for (const [name, places] of index.byLinkName)
    compare(name, () => places.slice(0, most).map((place) => foundLink(index, text, 'link', place)))
  near.sort((a, b) => a.score - b.score || a.name.length - b.name.length)
  const found: Found[] = []
  for (const each of near) {
    if (found.length >= most) break
    found.push(...each.found())
  }
  return found.slice(0, most).map((one) => ({
    ...withContainer(index, one),
    token: text,
    says: `name like ${text}: ${one.says}`,
    near: true,
  }))
}

const alone = (text: string): Token => ({ text, key: '', alone: true })

function engineNames({ world }: FindIndex): readonly string[] {
  return [
    ...containerIndex(world).all.map(({ container }) => container.name),
    ...listOf(world.engines).flatMap(({ networks }) => listOf(networks).map(({ name }) => name)),
  ]
}

/** No address, MAC, port, number, `pid:…`, and no piece of an id. */
function isName(text: string): boolean {
  if (text.length < 2 || /[:/@%[\]]/.test(text) || !/\p{L}/u.test(text)) return false
  return !(/^[0-9a-f.-]{4,}$/i.test(text) && /\d/.test(text))
}

/** From the beginning of one of its words on: letters from the middle of anything would fit nearly all names. */
function nearness(name: string, text: string): number | null {
  let best: number | null = null
  for (const { index } of name.matchAll(/[\p{L}\p{N}]+/gu)) {
    if (name[index]?.toLowerCase() !== text[0]?.toLowerCase()) continue
    const score = fuzzy(name.slice(index), text)
    if (score !== null && (best === null || score < best)) best = score
  }
  return best
}
