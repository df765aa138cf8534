/** The ping program's own command line for the same: what `y` copies. */
import { quoted } from '../../lib/quoted.ts'
import type { Netns } from '../../model/netns.ts'
import type { PingRequest } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'
import { insideCommand } from '../inside-command.ts'

/** null: no file leads to the namespace. Of a search for the MTU it is tracepath, which does that. */
export function pingCommand(world: World, netns: Netns, request: PingRequest): string | null {
  return insideCommand(world, netns, words(request).map(quoted).join(' '))
}

function words(request: PingRequest): readonly string[] {
  const { target, count, intervalMs, size, dontFragment, ttl, link, timeoutMs, findMtu } = request
  const address = 'address' in target ? target.address : target.text
  const family = target.family === null ? [] : [`-${target.family}`]
  if (findMtu) return ['tracepath', ...family, '-n', address]
  const seconds = (ms: number): string => String(ms / 1000)
  return [
    'ping',
    ...('address' in target ? [] : family),
    ...(count === null ? [] : ['-c', String(count)]),
    ...(intervalMs === 1000 ? [] : ['-i', seconds(intervalMs)]),
    ...(size === 56 ? [] : ['-s', String(size)]),
    ...(dontFragment ? ['-M', 'do'] : []),
    ...(ttl === null ? [] : ['-t', String(ttl)]),
    ...(link === null ? [] : ['-I', link]),
    '-W',
    seconds(timeoutMs),
    address,
  ]
}
