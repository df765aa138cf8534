/** What a text is: looked up with the rules and sockets that the screen's World lacks, and again when those changed. */
import { inPieces, type Pieces } from '../lib/in-pieces.ts'
import { same } from '../lib/same.ts'
import type { Found } from '../model/found.ts'
import type { NetnsId } from '../model/ids.ts'
import { listOf } from '../model/known.ts'
import type { World } from '../model/world.ts'
import type { LiveFirewall } from './live-firewall.ts'
import type { FromWorker } from './protocol.ts'
import type { FoundNetns } from './reader.ts'
import { dearWorld, processesOf, settledSockets, type Dear, type SocketsOf } from './serve-sockets.ts'

/** What a text means is another folder's business. */
export type FindParts = {
  readonly findSteps: (world: World, text: string) => Pieces<readonly Found[]>
  /** Whose sockets an answer asks for. */
  readonly namespacesAbout: (world: World, found: readonly Found[]) => readonly NetnsId[]
}

export type ServeFindInput = {
  readonly send: (message: FromWorker) => void
  readonly found: (id: NetnsId) => FoundNetns | null
  readonly world: () => World
  readonly sockets: SocketsOf
  readonly firewall: Pick<LiveFirewall, 'sameRules'>
  readonly loadFind: () => Promise<FindParts>
  readonly failed: (error: unknown) => void
}

export type FindServer = {
  /** null: nothing is looked for. */
  readonly need: (text: string | null) => void
  /** The World is another one now. */
  readonly changed: () => void
  readonly close: () => void
}

/** A word that fits a thousand namespaces is a question about none of them. */
const mostWithSockets = 16
/** After a change others follow; a rule or a socket changes without an event. */
const soonMs = 250
const everyMs = 2000
/** So many times as long as it took to look it rests, unless somebody asks for something else. */
const rest = 30

export function serveFind(input: ServeFindInput): FindServer {
  const { send, found, world, sockets, firewall, loadFind, failed } = input
  let wanted: string | null = null
  let told: { readonly text: string; readonly value: readonly Found[] } | null = null
  let timer: NodeJS.Timeout | null = null
  let isLooking = false
  let isStale = false
  let restsUntil = 0
  const dear = new Map<NetnsId, Dear>()
  const [ruled, whole] = [dearWorld(), dearWorld()]

  /** null: another text took its place meanwhile. */
  const answerTo = async (text: string): Promise<readonly Found[] | null> => {
    if (text.trim() === '') return []
    const isOld = (): boolean => wanted !== text
    const { findSteps, namespacesAbout } = await loadFind()
    const findIn = async (world: World): Promise<readonly Found[] | null> =>
      (await inPieces(findSteps(world, text), () => !isOld()))?.value ?? null
    const base = world()
    // Who publishes a port, logs a line or is meant by a comment stands in the rules of those whose bridges there are.
    const hosts = new Set([base.host, ...listOf(base.engines).flatMap(({ netns }) => netns ?? [])])
    const rules = new Map<NetnsId, Dear>()
    for (const id of hosts) {
      const read = await firewall.sameRules(id)
      if (isOld()) return null
      if (read !== null) rules.set(id, { sockets: null, firewall: read.firewall })
    }
    const first = ruled.with(base, (id) => rules.get(id) ?? null)
    const plain = await findIn(first)
    if (plain === null) return null
    // Who listens there is told only by the sockets: of the namespaces that it turned out to be about.
    const about = namespacesAbout(first, plain).slice(0, mostWithSockets)
    if (about.length === 0) return plain
    const processes = processesOf(base)
    for (const id of dear.keys()) if (!about.includes(id)) dear.delete(id)
    for (const id of about) {
      const netns = found(id)
      if (netns === null) continue
      const read = await sockets(netns, processes.get(id) ?? [])
      if (isOld()) return null
      const before = dear.get(id)?.sockets ?? undefined
      dear.set(id, { sockets: settledSockets(before, read), firewall: rules.get(id)?.firewall ?? null })
    }
    return findIn(whole.with(base, (id) => dear.get(id) ?? rules.get(id) ?? null))
  }

  /** One at a time: of many texts that come while it is at one, only the last is looked for. */
  const look = async (): Promise<void> => {
    if (isLooking) return
    isLooking = true
    const began = performance.now()
    try {
      for (let text = wanted; text !== null; text = wanted) {
        isStale = false
        const value = await answerTo(text)
        if (value === null || wanted !== text) continue
        if (told?.text === text && same(told.value, value)) break
        told = { text, value }
        send({ type: 'found', text, value })
        break
      }
    } catch (error) {
      failed(error)
    }
    isLooking = false
    restsUntil = performance.now() + (performance.now() - began) * rest
    lookIn(isStale ? soonMs : everyMs)
  }

  const lookIn = (ms: number): void => {
    if (timer !== null) clearTimeout(timer)
    timer =
      wanted === null ? null : setTimeout(() => void look(), Math.max(ms, restsUntil - performance.now()))
  }

  const stop = (): void => {
    wanted = null
    told = null
    dear.clear()
    if (timer !== null) clearTimeout(timer)
    timer = null
  }

  return {
    need: (text) => {
      if (text === null) return stop()
      if (text === wanted) return
      wanted = text
      void look()
    },
    changed: () => {
      if (wanted === null || isStale) return
      isStale = true
      if (!isLooking) lookIn(soonMs)
    },
    close: stop,
  }
}
