/** The rules on the way that the screen shows, read again now and then for their counters. */
import { same } from '../lib/same.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import type { Way, WayRules } from '../model/way-rule.ts'
import type { LiveFirewall } from './live-firewall.ts'
import type { FromWorker } from './protocol.ts'

/** What rules do with a packet is another folder's business. */
export type WayRulesOf = (netns: Netns, way: Way) => WayRules

export type ServeWayInput = {
  readonly send: (message: FromWorker) => void
  readonly world: () => World
  readonly firewall: Pick<LiveFirewall, 'fresh' | 'sameRules'>
  readonly loadWay: () => Promise<WayRulesOf>
  readonly failed: (error: unknown) => void
}

export type WayServer = {
  /** null: none is shown. */
  readonly need: (way: Way | null) => void
  readonly close: () => void
}

const everyMs = 2000
/**
 * So many times as long as a look took it rests. It stands on the start view of a large terminal all day: a tool that is
 * run for it each second would take more than all else there.
 */
const rest = 100

export function serveWay({ send, world, firewall, loadWay, failed }: ServeWayInput): WayServer {
  let wanted: Way | null = null
  let told: WayRules | null = null
  let timer: NodeJS.Timeout | null = null

  const look = async (way: Way, isFirst: boolean): Promise<void> => {
    const began = performance.now()
    try {
      const [wayRules, read] = await Promise.all([
        loadWay(),
        isFirst ? firewall.sameRules(way.netns) : firewall.fresh(way.netns, everyMs),
      ])
      if (wanted !== way) return
      const netns = world().netns.find(({ id }) => id === way.netns)
      const value: WayRules =
        netns === undefined || read === null
          ? { way, rules: { unknown: 'no file leads to it' } }
          : wayRules({ ...netns, firewall: read.firewall }, way)
      if (told === null || !same(told, value)) send({ type: 'way', value })
      told = value
    } catch (error) {
      failed(error)
    }
    if (wanted !== way) return
    const restMs = Math.max(everyMs, (performance.now() - began) * rest)
    timer = setTimeout(() => void look(way, false), restMs)
  }

  const stop = (): void => {
    wanted = null
    if (timer !== null) clearTimeout(timer)
    timer = null
  }

  return {
    need: (way) => {
      if (way === null) return stop()
      if (wanted !== null && same(wanted, way)) return
      stop()
      told = null
      wanted = way
      void look(way, true)
    },
    close: stop,
  }
}
