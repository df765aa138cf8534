/** What a name, an address, an id or a whole line from a log is, whose, and what it is connected to. */
import type { World } from '../model/world.ts'
import { findAddresses, findInside } from './find-addresses.ts'
import { findIndex, type FindIndex } from './find-index.ts'
import { findFdb, findLinks, foundLink } from './find-links.ts'
import { findNetns } from './find-netns.ts'
import type { Found } from './found.ts'
import { tokensOf, type Token } from './tokens.ts'

const finders: readonly ((index: FindIndex, token: Token) => readonly Found[])[] = [
  findNetns,
  findLinks,
  findAddresses,
  findInside,
  findFdb,
]

/** In the order of the text; of one part, namespaces first. A single word that is nothing is looked for in names. */
export function find(world: World, text: string): readonly Found[] {
  const index = findIndex(world)
  const tokens = tokensOf(text)
  const found = tokens.flatMap((token) => finders.flatMap((finder) => finder(index, token)))
  const [only] = tokens
  if (found.length === 0 && only !== undefined && tokens.length === 1) return partsOfNames(index, only.text)
  const seen = new Set<string>()
  return found.filter((one) => {
    const key = JSON.stringify([one.what, one.ref, one.says])
    return !seen.has(key) && seen.add(key)
  })
}

const enough = 50

/** Names only: a part of an address or of a MAC would fit everywhere. */
function partsOfNames(index: FindIndex, text: string): readonly Found[] {
  const wanted = text.toLowerCase()
  if (wanted.length < 2) return []
  const alone = (name: string): Token => ({ text: name, key: '', alone: true })
  const fits = (name: string): boolean => name.toLowerCase().includes(wanted)
  const netns = [...index.byNetnsName.keys()].filter(fits).flatMap((name) => findNetns(index, alone(name)))
  const links = [...index.byLinkName, ...index.byAltName, ...index.byAlias]
    .filter(([name]) => fits(name))
    .flatMap(([, places]) => places.map((place) => foundLink(index, text, 'link', place)))
  const processes = [...index.byComm.keys()].filter(fits).flatMap((name) => findNetns(index, alone(name)))
  return [...netns, ...links, ...processes].slice(0, enough).map((one) => ({ ...one, token: text }))
}
