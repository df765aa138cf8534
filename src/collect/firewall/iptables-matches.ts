/** What the match modules of iptables ask for (iptables-extensions(8)); all options of a rule must hold. */
import type { Match } from '../../model/ruleset.ts'
import type { Option, Part } from './rule-options.ts'
import { plainAddress } from './plain-address.ts'

/** null: the option is known, but not in this form. */
type Reading = (option: Option) => Match | null

/** The matches, where it is known what they ask for; else their text. A comment asks for nothing. */
export function addMatches(part: Part, into: Match[]): void {
  const { module, options } = part
  if (module === 'comment') return
  if (module === 'limit') {
    into.push(limit(part))
    return
  }
  const readings = module === null ? basic : modules.get(module)
  // -p tcp -m tcp: the module alone asks for nothing.
  if (readings === undefined) {
    into.push(opaque(part, options))
    return
  }
  const before = into.length
  for (const option of options) {
    const match = readings.get(option.name)?.(option) ?? null
    if (match === null && module !== null && oneWhole.has(module)) {
      into.length = before
      into.push(opaque(part, options))
      return
    }
    into.push(match ?? opaque(part, [option]))
  }
}

/** Its options change the meaning of each other (--return-nomatch). */
const oneWhole = new Set(['set'])

function opaque({ module }: Part, options: readonly Option[]): Match {
  const words = options.map(({ text }) => text)
  return { kind: 'opaque', text: [...(module === null ? [] : [`-m ${module}`]), ...words].join(' ') }
}

/** A map, because an option may be called like something that every object has. */
function readingsOf(readings: Readonly<Record<string, Reading>>): ReadonlyMap<string, Reading> {
  return new Map(Object.entries(readings))
}

const address =
  (side: 'source' | 'destination'): Reading =>
  ({ not, values: [value = ''] }) => ({ kind: 'address', side, not, values: [plainAddress(value)] })

const interfaceName =
  (side: 'in' | 'out'): Reading =>
  ({ not, values: [value = ''] }) => ({ kind: 'interface', side, not, values: [wildcard(value)] })

const physdev =
  (side: 'in' | 'out'): Reading =>
  ({ not, values: [value = ''] }) => ({ kind: 'physdev', side, not, values: [wildcard(value)] })

function wildcard(name: string): string {
  return name.endsWith('+') ? `${name.slice(0, -1)}*` : name
}

const port =
  (side: 'source' | 'destination' | 'either'): Reading =>
  ({ not, values: [value = ''] }) => ({ kind: 'port', side, not, values: value.split(',').map(portRange) })

/** `1024:65535` → `1024-65535`. */
function portRange(value: string): string {
  return value.replace(':', '-')
}

const addrtype =
  (side: 'source' | 'destination'): Reading =>
  ({ not, values: [value = ''] }) => ({ kind: 'addrtype', side, not, values: value.split(',') })

const states: Reading = ({ not, values: [value = ''] }) => ({
  kind: 'ctstate',
  not,
  values: value.split(','),
})

const mark =
  (of: 'packet' | 'connection'): Reading =>
  ({ not, values: [text = ''] }) => {
    const [value = '', mask = null] = text.split('/')
    return { kind: 'mark', of, not, value, mask }
  }

const range =
  (side: 'source' | 'destination'): Reading =>
  ({ not, values: [value = ''] }) => ({ kind: 'address', side, not, values: [value] })

const icmpType: Reading = ({ not, values }) => ({ kind: 'icmp', not, values: values.slice(0, 1) })

const tcpFlags: Reading = ({ not, values: [mask = '', set = ''] }) => ({
  kind: 'tcpflags',
  not,
  mask: flagNames(mask),
  set: flagNames(set),
})

function flagNames(list: string): string[] {
  if (list === 'ALL') return ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG']
  return list === 'NONE' || list === '' ? [] : list.split(',')
}

const ipset: Reading = ({ not, values: [name = '', fields = ''] }) => {
  const read = fields.split(',').filter((field) => field === 'src' || field === 'dst')
  return read.length === fields.split(',').length ? { kind: 'ipset', name, fields: read, not } : null
}

const ports = { '--dport': port('destination'), '--sport': port('source') }

const basic = readingsOf({
  '-s': address('source'),
  '-d': address('destination'),
  '-i': interfaceName('in'),
  '-o': interfaceName('out'),
  '-p': ({ not, values: [value = ''] }) => ({ kind: 'protocol', not, values: [value] }),
})

const modules = new Map(
  Object.entries<Readonly<Record<string, Reading>>>({
    tcp: { ...ports, '--tcp-flags': tcpFlags },
    udp: ports,
    udplite: ports,
    sctp: ports,
    dccp: ports,
    multiport: { '--dports': port('destination'), '--sports': port('source'), '--ports': port('either') },
    addrtype: { '--src-type': addrtype('source'), '--dst-type': addrtype('destination') },
    conntrack: { '--ctstate': states },
    state: { '--state': states },
    mark: { '--mark': mark('packet') },
    connmark: { '--mark': mark('connection') },
    set: { '--match-set': ipset },
    iprange: { '--src-range': range('source'), '--dst-range': range('destination') },
    icmp: { '--icmp-type': icmpType },
    icmp6: { '--icmpv6-type': icmpType },
    mac: {
      '--mac-source': ({ not, values: [value = ''] }) => ({
        kind: 'mac',
        side: 'source',
        not,
        values: [value.toLowerCase()],
      }),
    },
    physdev: {
      '--physdev-in': physdev('in'),
      '--physdev-out': physdev('out'),
      '--physdev-is-bridged': ({ not }) => ({ kind: 'physdev', side: 'is-bridged', not, values: [] }),
    },
  }).map(([name, readings]) => [name, readingsOf(readings)] as const),
)

/** `--limit 5/min --limit-burst 7` → `5/min burst 7`. */
function limit(part: Part): Match {
  const [rate, burst] = ['--limit', '--limit-burst'].map(
    (name) => part.options.find((option) => option.name === name && !option.not)?.values[0],
  )
  if (rate === undefined || part.options.length > (burst === undefined ? 1 : 2)) {
    return opaque(part, part.options)
  }
  return { kind: 'limit', text: burst === undefined ? rate : `${rate} burst ${burst}` }
}
