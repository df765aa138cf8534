/** What a name, an address, an id or a whole line from a log is, whose, and what it is connected to. */
import { inOneGo, type Pieces } from '../lib/in-pieces.ts'
import type { NetnsId } from '../model/ids.ts'
import type { World } from '../model/world.ts'
import { findAddresses, findInside } from './find-addresses.ts'
import { findIndex, type FindIndex, type LinkPlace } from './find-index.ts'
import { findContainers, withContainer } from './find-containers.ts'
import { nearNames } from './find-near.ts'
import { findFdb, findLinks, foundLink } from './find-links.ts'
import { findNetns } from './find-netns.ts'
import { findPorts, withPublished } from './find-ports.ts'
import { findRules } from './find-rules.ts'
import type { Found } from '../model/found.ts'
import { publishedSteps } from './ports/published-ports.ts'
import { roleIn, sourceOfLog } from './log-line.ts'
import { containerIndex } from './rules/container-index.ts'
import { tokensOf, type Token } from './tokens.ts'

const finders: readonly ((index: FindIndex, token: Token) => Iterable<Found>)[] = [
  findContainers,
  findNetns,
  findLinks,
  findAddresses,
  findInside,
  findFdb,
  findPorts,
  findRules,
]

/** In the order of the text; of one part, namespaces first. A single word that is nothing is looked for in names. */
export function find(world: World, text: string): readonly Found[] {
  return inOneGo(findSteps(world, text))
}

/** The same in pieces: tens of thousands of rules may lead to the port that is looked for. */
export function* findSteps(world: World, text: string): Pieces<readonly Found[]> {
  // Nearly each thing that is found tells where it is published.
  yield* publishedSteps(world)
  const index = findIndex(world)
  yield
  const tokens = tokensOf(text)
  const logger = sourceOfLog(world, text)
  const found = new Map<string, Found>()
  for (const token of tokens) {
    const role = logger === null ? null : roleIn(token)
    for (const finder of finders) {
      for (const one of finder(index, token)) {
        if (isMeant(one, token, logger)) {
          const whole = withPublished(index, withContainer(index, withRole(one, role)))
          const key = JSON.stringify([whole.what, whole.ref, whole.says])
          if (!found.has(key)) found.set(key, whole)
        }
        yield
      }
    }
  }
  const [only] = tokens
  if (found.size === 0 && only !== undefined && tokens.length === 1) {
    const parts = partsOfNames(index, only.text)
    return parts.length > 0 ? parts : nearNames(index, only.text)
  }
  return [...found.values()]
}

/** The kernel logs the packets of one namespace: its links are not those of the same name elsewhere. */
function isMeant(one: Found, token: Token, logger: NetnsId | null): boolean {
  if (logger === null || one.what !== 'link' || !/^(?:PHYS)?(?:IN|OUT)$/.test(token.key)) return true
  return one.ref.netns === logger
}

const withRole = (one: Found, role: string | null): Found => (role === null ? one : { ...one, role })

const enough = 50

/** Names only: a part of an address or of a MAC would fit everywhere. */
function partsOfNames(index: FindIndex, text: string): readonly Found[] {
  const wanted = text.toLowerCase()
  if (wanted.length < 2) return []
  const alone = (name: string): Token => ({ text: name, key: '', alone: true })
  const fits = (name: string): boolean => name.toLowerCase().includes(wanted)
  const found: Found[] = []
  const collect = <T>(
    named: Iterable<readonly [string, T]>,
    of: (name: string, it: T) => readonly Found[],
  ) => {
    for (const [name, it] of named) {
      if (found.length >= enough) return
      if (fits(name)) found.push(...of(name, it))
    }
  }
  const linksAt = (_: string, places: readonly LinkPlace[]): readonly Found[] =>
    places.slice(0, enough).map((place) => foundLink(index, text, 'link', place))
  collect(index.byNetnsName, (name) => findNetns(index, alone(name)))
  collect(index.byLinkName, linksAt)
  collect(index.byAltName, linksAt)
  collect(index.byAlias, linksAt)
  collect(containersByName(index.world), (name) => findContainers(index, alone(name)))
  collect(index.byComm, (name) => findNetns(index, alone(name)))
  return found
    .slice(0, enough)
    .map((one) => withPublished(index, withContainer(index, { ...one, token: text })))
}

function containersByName(world: World): readonly (readonly [string, null])[] {
  return containerIndex(world).all.map(({ container }) => [container.name, null])
}
