/** What the bridge of a network is called. */
import { createHash } from 'node:crypto'
import { sanitise } from '../../lib/sanitise.ts'
import { listOf } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import { checkLinkName } from '../names.ts'
import { planned, refusal, refused, type Planned } from '../planner.ts'
import type { NetWish } from './network-options.ts'

/** The link that has a name, as its own or as an alternative one: neither can be given again. */
export function linkCalled(host: Netns, name: string): Link | null {
  return listOf(host.links).find((link) => link.name === name || link.altNames.includes(name)) ?? null
}

/** `note`: where it is not the network's own name, why. */
export function bridgeNameOf(
  wish: NetWish,
  host: Netns,
): Planned<{ readonly name: string; readonly note: string | null }> {
  if (wish.bridgeName !== null) {
    const bad = checkLinkName(wish.bridgeName)
    if (bad !== null) return refused(bad)
    const taken = linkCalled(host, wish.bridgeName)
    return taken === null
      ? planned({ name: wish.bridgeName, note: null })
      : refused(
          refusal(
            wish.bridgeName,
            `${kindOf(taken)} ${sanitise(wish.bridgeName)} exists already (ifindex ${taken.ifindex})`,
            taken.kind === 'bridge' ? `-b ${sanitise(wish.bridgeName)} puts the network on it` : undefined,
          ),
        )
  }
  const bad = checkLinkName(wish.name)
  const taken = linkCalled(host, wish.name)
  if (taken?.kind === 'bridge') {
    return refused(
      refusal(
        wish.name,
        `bridge ${wish.name} exists already (ifindex ${taken.ifindex})`,
        `-b ${wish.name} puts the network on it; --opt com.docker.network.bridge.name=… gives the network's own another name`,
      ),
    )
  }
  if (bad === null && taken === null) return planned({ name: wish.name, note: null })
  const name = hashedName('br', wish.name, host)
  const why =
    taken === null
      ? 'no link can be called as the network is'
      : `a ${taken.kind} is called ${wish.name} already`
  return planned({ name, note: `the bridge of network ${wish.name} is called ${name}: ${why}` })
}

/** `br-` and 12 hexadecimal digits, as Docker's: 15 bytes, the most that a link's name may have. */
export function hashedName(prefix: string, seed: string, host: Netns): string {
  const named = (attempt: number) =>
    `${prefix}-${createHash('sha256').update(`${seed}/${attempt}`).digest('hex').slice(0, 12)}`
  let attempt = 0
  while (linkCalled(host, named(attempt)) !== null) attempt += 1
  return named(attempt)
}

function kindOf({ kind }: Link): string {
  return kind === 'bridge' ? 'bridge' : 'link'
}
