/** Hosts that publish thousands of ports, and in how many pieces something is done with them. */
import type { Pieces } from '../../src/lib/in-pieces.ts'
import type { World } from '../../src/model/world.ts'
import { firewall, iptables } from './ruleset.ts'
import { netns, world } from './world.ts'

/** Ports from 1024 on, all to port 80, each of another address. */
export function manyPorts(count: number): World {
  const rules = Array.from(
    { length: count },
    (_, at) =>
      `-A DOCKER -p tcp --dport ${1024 + at} -j DNAT --to-destination 10.9.${at >> 8}.${at & 255}:80`,
  )
  const table = iptables('nat', ['-P PREROUTING', '-A PREROUTING -j DOCKER', ...rules].join('\n'))
  return world([netns(1, 'host', { firewall: firewall([table]) })])
}

export function piecesOf<T>(work: Pieces<T>): { readonly pieces: number; readonly value: T } {
  for (let pieces = 0; ; pieces += 1) {
    const step = work.next()
    if (step.done === true) return { pieces, value: step.value }
  }
}
