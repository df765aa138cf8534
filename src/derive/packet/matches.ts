/** Whether a packet fits a rule's match: yes, no, or null where what is known of either does not tell. */
import { contains, parseIp, parsePrefix } from '../../lib/ip.ts'
import type { Match } from '../../model/ruleset.ts'
import type { Packet } from './packet.ts'

export type Fits = boolean | null

/** All of a rule's matches must hold. One that certainly does not decides, whatever is unknown beside it. */
export function fitsAll(matches: readonly Match[], packet: Packet): Fits {
  let all: Fits = true
  for (const match of matches) {
    const one = fits(match, packet)
    if (one === false) return false
    if (one === null) all = null
  }
  return all
}

function fits(match: Match, packet: Packet): Fits {
  switch (match.kind) {
    case 'address': {
      const address = match.side === 'source' ? packet.source : packet.destination
      return negated(
        match.not,
        address === null ? null : anyOf(match.values, (value) => inside(value, address)),
      )
    }
    case 'port': {
      const port =
        match.side === 'source'
          ? packet.sourcePort
          : match.side === 'destination'
            ? packet.destinationPort
            : null
      return negated(match.not, port === null ? null : anyOf(match.values, (value) => inRange(value, port)))
    }
    case 'interface': {
      const name = match.side === 'in' ? packet.iif : packet.oif
      return negated(match.not, name === null ? null : anyOf(match.values, (value) => isNamed(value, name)))
    }
    case 'protocol': {
      const { protocol } = packet
      return negated(match.not, protocol === null ? null : anyOf(match.values, (value) => value === protocol))
    }
    case 'family':
      return negated(
        match.not,
        anyOf(match.values, (value) => isFamily(value, packet.family)),
      )
    case 'ctstate': {
      const { state } = packet
      return negated(match.not, state === null ? null : match.values.includes(state))
    }
    case 'addrtype':
      return negated(match.not, typeFits(match, packet))
    case 'limit':
      // Some pass and some do not.
      return null
    case 'mark':
      return match.of === 'packet' && packet.mark !== null && match.mask === null
        ? negated(match.not, Number(match.value) === packet.mark)
        : null
    default:
      return null
  }
}

function negated(not: boolean, fits: Fits): Fits {
  return fits === null || !not ? fits : !fits
}

function anyOf(values: readonly string[], test: (value: string) => Fits): Fits {
  let any: Fits = false
  for (const value of values) {
    const one = value.startsWith('@') ? null : test(value)
    if (one === true) return true
    if (one === null) any = null
  }
  return any
}

/** `10.0.0.0/8`, one address, or `10.0.0.1-10.0.0.9`. */
function inside(value: string, address: string): Fits {
  const ip = parseIp(address)
  if (ip === null) return null
  const dash = value.indexOf('-')
  if (dash !== -1) {
    const [from, to] = [parseIp(value.slice(0, dash)), parseIp(value.slice(dash + 1))]
    if (from === null || to === null) return null
    return ip.family === from.family && ip.value >= from.value && ip.value <= to.value
  }
  const prefix = parsePrefix(value)
  return prefix === null ? null : contains(prefix, ip)
}

function inRange(value: string, port: number): Fits {
  const [from, to = from] = value.split(/[-:]/).map(Number)
  if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to)) return null
  return port >= from && port <= to
}

function isNamed(value: string, name: string): boolean {
  return value.endsWith('*') || value.endsWith('+') ? name.startsWith(value.slice(0, -1)) : value === name
}

function isFamily(value: string, family: Packet['family']): Fits {
  if (value === 'ipv4' || value === 'ip' || value === '2') return family === 'ip'
  if (value === 'ipv6' || value === 'ip6' || value === '10') return family === 'ip6'
  return null
}

function typeFits(match: Extract<Match, { kind: 'addrtype' }>, packet: Packet): Fits {
  if (match.side === 'source' || packet.toLocal === null) return null
  const wantsLocal = match.values.some((value) => value.toUpperCase() === 'LOCAL')
  if (packet.toLocal) return wantsLocal
  // What is not local may be unicast, broadcast, blackhole …
  return match.values.every((value) => value.toUpperCase() === 'LOCAL') ? false : null
}
