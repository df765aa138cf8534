/** The protocol counters of a namespace, as `nstat -a` reads them: /proc/net snmp, netstat and snmp6. */
import { unknown, type Known } from '../../../model/known.ts'
import { reasonOf, type ReadProc } from './read-proc.ts'

type Counters = Record<string, number>

const files = [
  { name: 'snmp', parse: parsePairs, optional: false },
  { name: 'netstat', parse: parsePairs, optional: false },
  // Not there where IPv6 is not.
  { name: 'snmp6', parse: parseSnmp6, optional: true },
] as const

/** `Ip.InAddrErrors` → value. Half of them would read as "no errors elsewhere": so it is all or a reason. */
export function readCounters(read: ReadProc): Known<Readonly<Counters>> {
  const counters: Counters = {}
  for (const { name, parse, optional } of files) {
    const content = read(`thread-self/net/${name}`)
    if (typeof content !== 'string') {
      if (optional && content.errno === 'ENOENT') continue
      return unknown(`/proc/net/${name}: ${reasonOf(content)}`)
    }
    const parsed = parse(content)
    if (parsed === null) return unknown(`/proc/net/${name} is malformed`)
    Object.assign(counters, parsed)
  }
  return counters
}

/** Lines come in twos with the same first word: `Ip: Forwarding DefaultTTL …`, then `Ip: 1 64 …`. */
export function parsePairs(content: string): Counters | null {
  const lines = content.split('\n').filter((line) => line !== '')
  const counters: Counters = {}
  for (let at = 0; at < lines.length; at += 2) {
    const names = (lines[at] ?? '').trimEnd().split(' ')
    const values = (lines[at + 1] ?? '').trimEnd().split(' ')
    if (names.length !== values.length || names[0] !== values[0] || !names[0]?.endsWith(':')) return null
    const group = names[0].slice(0, -1)
    for (let column = 1; column < names.length; column++) {
      const value = integer(values[column])
      if (value === null) return null
      counters[`${group}.${names[column] ?? ''}`] = value
    }
  }
  return counters
}

/** Counters above 2^53 (bytes, after centuries) lose their last digits. Tcp.MaxConn is -1 for "no limit". */
function integer(text: string | undefined): number | null {
  return text !== undefined && /^-?\d{1,20}$/.test(text) ? Number(text) : null
}

const snmp6Line = /^(Ip6|Icmp6|Udp6|UdpLite6)(\w+)\s+(\d{1,20})$/

/** `Ip6InReceives   42` → `Ip6.InReceives`, so that both protocols' counters have the same shape. */
export function parseSnmp6(content: string): Counters | null {
  const counters: Counters = {}
  for (const line of content.split('\n')) {
    if (line === '') continue
    const [, group, name, value] = snmp6Line.exec(line.trimEnd()) ?? []
    if (group === undefined || name === undefined) return null
    counters[`${group}.${name}`] = Number(value)
  }
  return counters
}
