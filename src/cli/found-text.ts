import type { Found } from '../derive/found.ts'
import { clean } from './clean.ts'
import { candidatesText } from './link-text.ts'
import type { Style } from './style.ts'

/** `172.17.0.2  address of eth0 in redis123 = host veth0, port of docker0`. */
export function foundText(found: readonly Found[], style: Style): readonly string[] {
  return found.map(({ token, what, owner, peer, bridge, publishedBy }) => {
    const parts = [
      `${style.paint('bold', clean(token))}  ${clean(what)} in ${style.paint('cyan', clean(owner.name))}`,
      ...(peer === undefined
        ? []
        : 'unknown' in peer
          ? [`= ? ${clean(peer.unknown)}${candidatesText(peer.candidates)}`]
          : [`= ${clean(peer.netns.name)} ${clean(peer.name)}`]),
      ...(bridge === undefined ? [] : [`on bridge ${clean(bridge.netns.name)} ${clean(bridge.name)}`]),
      ...(publishedBy === undefined ? [] : [`published by ${clean(publishedBy)}`]),
    ]
    return parts.join('  ')
  })
}
