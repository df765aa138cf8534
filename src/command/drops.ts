import { setTimeout as wait } from 'node:timers/promises'
import { dropsOf } from '../derive/drops.ts'
import { displayNames, netnsRef } from '../derive/netns-name.ts'
import { resolveNetns } from '../derive/resolve-netns.ts'
import { succeeded } from '../lib/failure.ts'
import { command } from './command.ts'
import { gapsOf } from './gaps.ts'

const usualInterval = 1

export const drops = command({
  name: 'drops',
  summary: 'every counter that tells of loss, with its growth',
  description: [
    'Links, queues, IP, TCP and UDP, conntrack, neighbours and the receive path are looked at twice. What grew in between comes first; each counter has a sentence that says what it means. A file was read once, so nothing grows there.',
  ],
  examples: ['vethscope drops web', 'vethscope drops host --interval 10'],
  needs: 'world',
  arguments: {
    netns: { value: 'NETNS', summary: 'whose counters', required: true },
  },
  options: {
    interval: {
      type: 'integer',
      value: 'S',
      min: 0,
      max: 86_400,
      summary: `seconds between the looks, ${usualInterval} by default; 0 looks once`,
    },
  },
  run: async ({ source, signal }, { netns: asked, interval = usualInterval }) => {
    const read = await source.readWorld({ details: false })
    if (!read.ok) return read
    const chosen = resolveNetns(read.value, asked)
    if (!chosen.ok) return chosen
    const { id } = chosen.value
    const first = await source.withCounters(read.value, [id])
    if (!first.ok) return first
    const twice = source.kind === 'live' && interval > 0
    const began = performance.now()
    // A signal ends the waiting early: whoever started this takes care of the rest.
    if (twice) await wait(interval * 1000, undefined, { signal }).catch(() => {})
    const second = twice ? await source.withCounters(first.value, [id]) : first
    if (!second.ok) return second
    const world = second.value
    const { drops, unread } = dropsOf(world, id, twice ? first.value : null)
    const seconds = twice ? Math.round((performance.now() - began) / 100) / 10 : null
    const nothing = drops.length === 0 && unread.length > 0
    return succeeded({
      kind: 'drops',
      data: { netns: netnsRef(displayNames(world.netns), id), seconds, drops, unread },
      answer: nothing ? 'unknown' : 'yes',
      gaps: gapsOf(world),
    })
  },
})
