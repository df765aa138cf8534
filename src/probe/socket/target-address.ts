import { failed, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import { parseIp, parsePrefix, contains } from '../../lib/ip.ts'
import type { Place, Target } from '../../model/probe.ts'
import type { SocketAddress } from './socket-address.ts'
import type { Sockets } from './sockets.ts'

/**
 * Where a target is, as a socket takes it. `fe80::1%eth0` means a link of the namespace that it is sent from; `link` is
 * meant where the address names none.
 */
export function targetAddress(
  sockets: Sockets,
  place: Place,
  { address: text, family }: Pick<Target, 'address' | 'family'>,
  { port = 0, link = null }: { readonly port?: number; readonly link?: string | null } = {},
): Outcome<SocketAddress> {
  const [address = '', zone] = text.split('%')
  const ip = parseIp(address)
  if (ip === null) return failed(notAnAddress(text))
  if (family === 4) return succeeded({ family, address, port })
  const name = zone ?? (needsLink(address) ? link : null)
  if (name === null) {
    return needsLink(address) ? failed(whichLink(address)) : succeeded({ family, address, port })
  }
  if (/^\d{1,9}$/.test(name)) return succeeded({ family, address, port, scope: Number(name) })
  const index = sockets.inside<number>(place, (calls) => calls.linkIndex(name))
  if (!index.ok) return index
  return index.value === 0
    ? failed(noSuchLink(name, place))
    : succeeded({ family, address, port, scope: index.value })
}

/** The kernel refuses them without a link (RFC 4007). */
function needsLink(address: string): boolean {
  const ip = parseIp(address)
  return ip !== null && local.some((prefix) => prefix !== null && contains(prefix, ip))
}
const local = [parsePrefix('fe80::/10'), parsePrefix('ff01::/16'), parsePrefix('ff02::/16')]

export function noSuchLink(link: string, { netns }: Place): Failure {
  return {
    kind: 'not-found',
    what: `there is no link "${link}" in netns "${netns.name}"`,
    subject: link,
    hint: `vethscope show ${netns.name} lists its links`,
  }
}

function whichLink(address: string): Failure {
  return {
    kind: 'usage',
    what: `${address} is on every link: it does not say on which`,
    subject: address,
    hint: `name the link as well: ${address}%eth0`,
  }
}

function notAnAddress(text: string): Failure {
  return { kind: 'usage', what: `"${text}" is not an address`, subject: text }
}
