import type { Found } from '../model/found.ts'
import { width } from '../lib/width.ts'
import { clean } from './clean.ts'
import { candidatesText } from './link-text.ts'
import type { Style } from './style.ts'
import { lineColumns } from './wrap.ts'

/**
 * `172.17.0.2  in redis123: 172.17.0.2/16 is an address of eth0  = host veth0  on bridge host docker0`; what is too long for
 * one line stands below, each part on its own.
 */
export function foundText(found: readonly Found[], style: Style): readonly string[] {
  return found.flatMap((each) => {
    const parts = partsOf(each, style)
    const line = parts.join('  ')
    if (width(withoutColour(line)) <= lineColumns) return [line]
    const [token = '', ...rest] = parts
    return [token, ...rest.map((part) => `    ${part}`)]
  })
}

function withoutColour(text: string): string {
  return text.replace(/\x1b\[[\d;]*m/g, '')
}

function partsOf(found: Found, style: Style): readonly string[] {
  const { token, role, says, owner, peer, bridge, container, publishedBy, what } = found
  return [
    [style.paint('bold', clean(token)), ...(role === undefined ? [] : [`${role}:`])].join('  '),
    `${owner === null ? '' : `in ${style.paint('cyan', clean(owner.name))}: `}${clean(says)}`,
    ...(peer === undefined
      ? []
      : 'unknown' in peer
        ? [`= ? ${clean(peer.unknown)}${candidatesText(peer.candidates)}`]
        : [
            [
              '=',
              clean(peer.netns.name),
              clean(peer.name),
              ...peer.addresses.map((each) => clean(each)),
            ].join(' '),
          ]),
    ...(container === undefined || what === 'container'
      ? []
      : [`${container.engine} container ${clean(container.name)} (${clean(container.id.slice(0, 12))})`]),
    ...(bridge === undefined ? [] : [`on bridge ${clean(bridge.netns.name)} ${clean(bridge.name)}`]),
    ...(publishedBy === undefined ? [] : [`published by ${clean(publishedBy)}`]),
  ]
}
