import type { Found } from '../derive/found.ts'
import { clean } from './clean.ts'
import { candidatesText } from './link-text.ts'
import type { Style } from './style.ts'

/** `172.17.0.2  in redis123: 172.17.0.2/16 is an address of eth0  = host veth0  on bridge host docker0`. */
export function foundText(found: readonly Found[], style: Style): readonly string[] {
  return found.map(({ token, role, says, owner, peer, bridge, publishedBy }) =>
    [
      style.paint('bold', clean(token)),
      ...(role === undefined ? [] : [`${role}:`]),
      `${owner === null ? '' : `in ${style.paint('cyan', clean(owner.name))}: `}${clean(says)}`,
      ...(peer === undefined
        ? []
        : 'unknown' in peer
          ? [`= ? ${clean(peer.unknown)}${candidatesText(peer.candidates)}`]
          : [`= ${clean(peer.netns.name)} ${clean(peer.name)}`]),
      ...(bridge === undefined ? [] : [`on bridge ${clean(bridge.netns.name)} ${clean(bridge.name)}`]),
      ...(publishedBy === undefined ? [] : [`published by ${clean(publishedBy)}`]),
    ].join('  '),
  )
}
