/** /proc/net/ip_vs of the namespace (net/netfilter/ipvs/ip_vs_ctl.c): IPv4 in hexadecimal, IPv6 in brackets. */
import { formatIp, parseIp } from '../../lib/ip.ts'
import type { IpvsService } from '../../model/ruleset.ts'

type OpenService = Omit<IpvsService, 'destinations'> & { destinations: IpvsService['destinations'][number][] }

export function parseIpvs(text: string): readonly IpvsService[] {
  const services: OpenService[] = []
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/)
    const service = serviceOf(words)
    if (service !== null) services.push(service)
    const destination = words[0] === '->' ? destinationOf(words) : null
    if (destination !== null) services.at(-1)?.destinations.push(destination)
  }
  return services
}

/** `TCP  0A000001:0050 rr`, `FWM  00000100 rr persistent …`. */
function serviceOf([kind = '', where = '', scheduler = '']: readonly string[]): OpenService | null {
  if (kind === 'FWM' && /^[0-9A-F]{8}$/i.test(where)) {
    const fwmark = Number.parseInt(where, 16)
    return { protocol: null, address: null, port: null, fwmark, scheduler, destinations: [] }
  }
  if (!/^(TCP|UDP|SCTP)$/.test(kind)) return null
  const end = endpoint(where)
  if (end === null) return null
  return { protocol: kind.toLowerCase(), ...end, fwmark: null, scheduler, destinations: [] }
}

/** `->  0A000002:0050      Masq    1      0          0`. */
function destinationOf([, where = '', method = '', weight = '']: readonly string[]):
  | IpvsService['destinations'][number]
  | null {
  const end = endpoint(where)
  // The heading begins with an arrow, too.
  if (end === null || !/^\d+$/.test(weight)) return null
  return { ...end, method, weight: Number(weight) }
}

function endpoint(text: string): { address: string; port: number } | null {
  const found = /^(?:([0-9A-F]{8})|\[([0-9a-f:.]+)\]):([0-9A-F]{4})$/i.exec(text)
  if (found === null) return null
  const [, v4, v6 = '', port = ''] = found
  return { address: v4 === undefined ? shortened(v6) : dotted(v4), port: Number.parseInt(port, 16) }
}

function dotted(hex: string): string {
  return [0, 2, 4, 6].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.')
}

/** %pI6 writes all digits: fd00:0000:0000:… */
function shortened(address: string): string {
  const parsed = parseIp(address)
  return parsed === null ? address : formatIp(parsed)
}
