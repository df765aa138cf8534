/** The window of a ruleset that the screen shows: at once from what is kept, then again as its counters grow. */
import { setImmediate as turnOfOthers } from 'node:timers/promises'
import type { NetnsId } from '../model/ids.ts'
import type { World } from '../model/world.ts'
import type { ReadFirewall } from './live-firewall.ts'
import type { Need } from './protocol.ts'
import type { RulesWindowOf, ServeNeedsInput } from './serve-needs.ts'

type RulesNeed = Extract<Need, { kind: 'rules' }>

export type RulesServer = {
  /** null: none is shown. */
  readonly need: (need: RulesNeed | null, generation: number) => void
  readonly close: () => void
}

/** While somebody scrolls, what was read lately will do; counters are read again this often, and rest as long as they took. */
const lookMs = 1000
const rest = 10
/** After the screen was opened. */
const soonMs = 100

export function serveRules(input: Omit<ServeNeedsInput, 'collection' | 'live'>): RulesServer {
  const { send, firewall, world, rulesWindow, failed } = input
  let wanted: { readonly need: RulesNeed; readonly generation: number } | null = null
  let timer: NodeJS.Timeout | null = null

  /** From what is kept; read only where nothing is. */
  const show = async (): Promise<void> => {
    const asked = wanted
    if (asked === null) return
    const need = await turned(asked.need)
    const { generation } = asked
    if (wanted !== asked) return
    const read = await firewall.fresh(need.netns, Infinity)
    // Another need took its place meanwhile; it is answered by its own call.
    if (wanted !== asked) return
    const value = await windowOf(need, read)
    if (wanted === asked) send({ type: 'rules', generation, value })
  }

  /** The same rows of the next namespace that has rules, where that was asked for; one turn of the event loop each. */
  const turned = async (need: RulesNeed): Promise<RulesNeed> => {
    if (need.turn === undefined) return need
    const ids = world().netns.map(({ id }) => id)
    const here = Math.max(0, ids.indexOf(need.netns))
    for (let step = 1; step < ids.length; step++) {
      const netns = ids.at((here + step * need.turn) % ids.length)
      await turnOfOthers()
      if (wanted?.need !== need) return need
      if (netns === undefined || !(await firewall.hasTables(netns))) continue
      return { ...need, netns, folded: [], from: 0 }
    }
    return need
  }

  const windowOf = async (need: RulesNeed, read: ReadFirewall | null): ReturnType<RulesWindowOf> => {
    const { netns } = need
    return read === null
      ? { netns, unknown: 'no file leads to it' }
      : rulesWindow(worldWith(netns, read), netns, need)
  }

  /** Kept: whoever makes rows remembers, by the World, whose address is whose. */
  let made: { readonly base: World; readonly read: ReadFirewall; readonly world: World } | null = null
  const worldWith = (id: NetnsId, read: ReadFirewall): World => {
    const base = world()
    if (made !== null && made.base === base && made.read === read) return made.world
    const netns = base.netns.map((each) => (each.id === id ? { ...each, firewall: read.firewall } : each))
    made = { base, read, world: { ...base, at: new Date(read.at).toISOString(), netns } }
    return made.world
  }

  /** Once `reading` is through, what is wanted then is shown: it may be other rows by now. */
  const look = async (reading: (id: NetnsId) => Promise<unknown>, nextMs: (tookMs: number) => number) => {
    const id = wanted?.need.netns
    if (id === undefined) return
    const began = performance.now()
    try {
      await reading(id)
      if (wanted?.need.netns === id) await show()
    } catch (error) {
      failed(error)
    }
    if (wanted?.need.netns !== id) return
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => void look(counters, countersRest), nextMs(performance.now() - began))
  }
  const counters = (id: NetnsId) => firewall.fresh(id, lookMs)
  const countersRest = (tookMs: number) => Math.max(lookMs, tookMs * rest)

  const stop = (): void => {
    wanted = null
    if (timer !== null) clearTimeout(timer)
    timer = null
  }

  return {
    need: (need, generation) => {
      if (need === null) return stop()
      const begins = wanted === null || wanted.need.netns !== need.netns
      wanted = { need, generation }
      // The next look at the counters stays where it was: whoever scrolls must not put it off.
      // Rules that were read before are there at once; their counters come soon after.
      if (begins) void look(firewall.sameRules, () => soonMs)
      else show().catch(failed)
    },
    close: stop,
  }
}
