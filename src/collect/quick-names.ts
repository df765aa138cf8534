/** Names to complete a word with, as many as can be read in a moment: whoever presses Tab does not wait for an engine. */
import { statSync } from 'node:fs'
import { isUnknown, listOf } from '../model/known.ts'
import { openCollection, type Collection } from './collection.ts'
import type { ExtraSockets } from './engine/extra-sockets.ts'
import { readEngines } from './engine/read-engines.ts'
import { readLabs } from './lab/read-labs.ts'
import { lookInto } from './look-into.ts'
import type { FoundNetns } from './reader.ts'

export type NamesOf = 'netns' | 'containers' | 'links' | 'networks' | 'nodes' | 'members' | 'any'

/** Somebody gave it this name; the others are paths and titles of processes. */
const given: ReadonlySet<string> = new Set(['host', 'init', 'named', 'docker', 'podman', 'cri', 'lab'])

/** Where the machine is slow and `until` is over before anybody was asked: a socket that answers at all does so within this. */
const leastMs = 100
/** Whoever names an engine waits for it. */
const namedMs = 1000

/** `engine`: whose networks and containers alone; absent or no engine's name: of all. */
type Choice = {
  readonly sockets?: ExtraSockets | undefined
  readonly engine?: string | undefined
  /** Whose links: as it was typed before them. Absent, or nothing that is known by its name alone: of all. */
  readonly netns?: string | undefined
}

/** `until`: when to be done, on the clock of `performance.now()`. Nothing here fails: what cannot be read has no names. */
export async function quickNames(
  what: NamesOf,
  until: number,
  { sockets, engine, netns }: Choice = {},
): Promise<readonly string[]> {
  if (what === 'nodes') return nodeNames()
  const opened = await openCollection('auto')
  if (!opened.ok) return []
  const collection = opened.value
  try {
    const { found, processes } = await collection.discover({ complete: true, deep: false })
    const isWanted = (each: NamesOf): boolean => what === each || what === 'any'
    const isNamed = engine === 'docker' || engine === 'podman'
    const signal = AbortSignal.timeout(
      Math.max(isNamed ? namedMs : leastMs, Math.round(until - performance.now())),
    )
    // NETNS may be a container's name as well.
    const [withLab, withEngines] = [!isNamed, engine !== 'lab']
    const engines =
      what === 'links' || !withEngines
        ? Promise.resolve([])
        : readEngines({ processes: listOf(processes), found, signal, sockets }).then((all) =>
            withLab ? all : all.filter((each) => each.engine === engine),
          )
    const plain = isWanted('netns')
      ? found.flatMap(({ names }) => names.flatMap(({ name, source }) => (given.has(source) ? [name] : [])))
      : []
    const links = isWanted('links') ? await linkNames(collection, typedNetns(found, netns), until) : []
    const told = what === 'networks' ? networkNames(engines) : containerNames(engines)
    // Of the lab without waiting for anybody.
    const own = !withLab ? [] : what === 'networks' ? labNetworks() : what === 'members' ? nodeNames() : []
    const asked = await Promise.race([told, ended(signal)])
    return [...new Set([...plain, ...own, ...asked, ...links])].sort()
  } finally {
    collection.close()
  }
}

function nodeNames(): readonly string[] {
  return listOf(readLabs())
    .flatMap(({ nodes }) => nodes.map(({ name }) => name))
    .sort()
}

function labNetworks(): readonly string[] {
  return listOf(readLabs()).flatMap(({ networks }) => networks.map(({ name }) => name))
}

async function networkNames(engines: ReturnType<typeof readEngines>): Promise<readonly string[]> {
  const told = await engines
  return told.flatMap(({ networks }) => listOf(networks).map(({ name }) => name))
}

async function containerNames(engines: ReturnType<typeof readEngines>): Promise<readonly string[]> {
  const told = await engines
  return told.flatMap(({ containers }) => (isUnknown(containers) ? [] : containers.map(({ name }) => name)))
}

function ended(signal: AbortSignal): Promise<readonly string[]> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve([])
    signal.addEventListener('abort', () => resolve([]), { once: true })
  })
}

/** The one that was typed; all where it is none of these, but perhaps a container's name, which engines would have to be asked for. */
function typedNetns(found: readonly FoundNetns[], typed: string | undefined): readonly FoundNetns[] {
  if (typed === undefined) return found
  const id = inodeOf(typed)
  const meant = found.filter(
    (each) =>
      each.ino === id ||
      each.names.some(({ name, path, source }) => path === typed || (name === typed && given.has(source))),
  )
  return meant.length > 0 ? meant : found
}

/** Of `ino:4026532177` and `pid:123`; null: another kind of name, or no such process. */
function inodeOf(typed: string): bigint | null {
  const [, kind, digits = ''] = /^(ino|pid):(\d{1,20})$/.exec(typed) ?? []
  if (kind === 'ino') return BigInt(digits)
  if (kind !== 'pid') return null
  try {
    return statSync(`/proc/${digits}/ns/net`, { bigint: true }).ino
  } catch {
    return null
  }
}

/** The host's first, then as far as the time goes. */
async function linkNames(
  { reader }: Collection,
  found: readonly FoundNetns[],
  until: number,
): Promise<readonly string[]> {
  const names: string[] = []
  for (const each of found) {
    if (names.length > 0 && performance.now() > until) break
    const look = await lookInto(reader, each)
    if (look.kind === 'read') names.push(...listOf(look.netns.links).map(({ name }) => name))
  }
  return names
}
