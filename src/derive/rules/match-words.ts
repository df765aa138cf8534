/** One match as a clause about packets: `from 172.17.0.0/16`, `that leave by any link but docker0`. */
import type { Match } from '../../model/ruleset.ts'
import {
  eitherOf,
  ipsetSize,
  nameOfAddress,
  nameOfNetwork,
  setNamed,
  withoutHostPrefix,
  type RuleContext,
} from './rule-context.ts'

/** Where in the sentence it stands: `tcp` packets `from …` `to …` `that came in by …` `that are …` `with …`. */
export type Clause = {
  readonly place: 'kind' | 'source' | 'destination' | 'that' | 'with' | 'opaque'
  readonly text: string
}

export function matchClause(match: Match, context: RuleContext, told: readonly string[]): Clause {
  switch (match.kind) {
    case 'address': {
      const words = eitherOf(match.values.map((value) => addressWords(value, context, told)))
      return end(match.side, match.not ? `anywhere but ${words}` : words)
    }
    case 'port': {
      const words = portWords(match.values, context)
      const ports = match.not ? `any port but ${words.replace(/^ports? /, '')}` : words
      if (match.side !== 'either') return end(match.side, ports)
      return { place: 'with', text: `from or to ${ports}` }
    }
    case 'interface': {
      const verb = match.side === 'in' ? 'came in by' : 'leave by'
      return that(`${verb} ${linkWords(match.values, match.not, context, 'link')}`)
    }
    case 'physdev': {
      if (match.side === 'is-bridged') return that(match.not ? 'are routed, not bridged' : 'are bridged')
      const verb = match.side === 'in' ? 'came in by' : 'leave by'
      return that(`${verb} ${linkWords(match.values, match.not, context, 'bridge port')}`)
    }
    case 'protocol':
      return kind(
        match.values.map((value) => value),
        match.not,
      )
    case 'family':
      return kind(match.values.map(familyWord), match.not)
    case 'ctstate':
      return that(stateWords(match.values, match.not))
    case 'addrtype':
      return end(match.side, typeWords(match.values, match.not, context))
    case 'mark': {
      const mark = `${match.value}${match.mask === null ? '' : `/${match.mask}`}`
      if (match.of === 'connection')
        return { place: 'with', text: `whose connection is ${match.not ? 'not ' : ''}marked ${mark}` }
      return that(`are ${match.not ? 'not ' : ''}marked ${mark}`)
    }
    case 'ipset': {
      const what = match.fields.map((field) => (field === 'src' ? 'source' : 'destination')).join(' and ')
      const size = ipsetSize(context, match.name)
      const members = size === null ? '' : ` (${size} ${size === 1 ? 'member' : 'members'})`
      const is = what.includes(' and ') ? 'are' : 'is'
      return {
        place: 'with',
        text: `whose ${what} ${is} ${match.not ? 'not ' : ''}in ipset ${match.name}${members}`,
      }
    }
    case 'icmp': {
      const types = eitherOf(match.values)
      return { place: 'with', text: `of ${match.not ? 'any ICMP type but' : 'ICMP type'} ${types}` }
    }
    case 'tcpflags':
      return { place: 'with', text: flagWords(match.mask, match.set, match.not) }
    case 'mac': {
      const words = `${match.not ? 'any hardware address but' : 'hardware address'} ${eitherOf(match.values)}`
      return end(match.side, words)
    }
    case 'limit':
      return { place: 'with', text: `within the limit ${match.text}` }
    default:
      return { place: 'opaque', text: match.text }
  }
}

const that = (text: string): Clause => ({ place: 'that', text })
const end = (place: 'source' | 'destination', text: string): Clause => ({ place, text })

function kind(values: readonly string[], not: boolean): Clause {
  return { place: 'kind', text: not ? `other than ${eitherOf(values)}` : eitherOf(values) }
}

const familyWord = (value: string): string =>
  /^(?:ip|ipv4|2)$/i.test(value) ? 'IPv4' : /^(?:ip6|ipv6|10)$/i.test(value) ? 'IPv6' : value

/** `nginx1 (172.17.0.3)`, `172.28.5.0/24 (tomcat-net)`, `the set blocked (2 members)`. */
export function addressWords(value: string, context: RuleContext, told: readonly string[] = []): string {
  if (value.startsWith('@')) return setWords(value.slice(1), context)
  const plain = withoutHostPrefix(value)
  const owner = plain.includes('/') ? null : nameOfAddress(context, plain)
  if (owner !== null) return `${owner} (${plain})`
  const network = nameOfNetwork(context, plain, told)
  return network === null ? plain : `${plain} (${network})`
}

function setWords(name: string, { table }: RuleContext): string {
  const set = setNamed(table, name)
  if (set === null) return `the set ${name}`
  const count = set.elements.length
  const shown = set.elements.slice(0, 3).map(({ key }) => key)
  const members =
    count === 0 ? 'empty' : count <= 3 ? shown.join(', ') : `${shown.join(', ')} and ${count - 3} more`
  return `the ${set.kind} ${name} (${members})`
}

function portWords(values: readonly string[], context: RuleContext): string {
  const many = values.length > 1 || values.some((value) => /[-:]/.test(value) && !value.startsWith('@'))
  const words = values.map((value) => (value.startsWith('@') ? setWords(value.slice(1), context) : value))
  if (values.length === 1 && values[0]?.startsWith('@') === true) return `a port of ${words[0] ?? ''}`
  return `${many ? 'ports' : 'port'} ${eitherOf(words)}`
}

function linkWords(values: readonly string[], not: boolean, context: RuleContext, what: string): string {
  const words = eitherOf(
    values.map((value) => {
      if (value.startsWith('@')) return setWords(value.slice(1), context)
      return value.endsWith('*') && value !== '*' ? `${not ? '' : `a ${what} `}named ${value}` : value
    }),
  )
  return not ? `any ${what} but ${words.replace(/^named /, 'those named ')}` : words
}

const stateSentences: Readonly<Record<string, string>> = {
  NEW: 'open a connection',
  INVALID: 'fit no known connection',
  UNTRACKED: 'are not tracked',
  DNAT: 'had their destination translated',
  SNAT: 'had their source translated',
  ESTABLISHED: 'belong to a known connection',
  RELATED: 'belong to what a known connection led to',
  'ESTABLISHED,RELATED': 'belong to a known connection or to what it led to',
}

function stateWords(values: readonly string[], not: boolean): string {
  const words = stateSentences[values.toSorted().join(',')]
  if (words !== undefined && !not) return words
  return `have ${not ? 'any connection state but' : 'the connection state'} ${eitherOf(values)}`
}

const types: Readonly<Record<string, string>> = {
  BROADCAST: 'a broadcast address',
  MULTICAST: 'a multicast address',
  ANYCAST: 'an anycast address',
  UNICAST: 'an address of one host',
}

function typeWords(values: readonly string[], not: boolean, { here }: RuleContext): string {
  const words = eitherOf(
    values.map((value) => {
      const type = value.toUpperCase()
      return type === 'LOCAL' ? `an address of ${here}` : (types[type] ?? `an address of type ${type}`)
    }),
  )
  return not ? `anything but ${words}` : words
}

function flagWords(mask: readonly string[], set: readonly string[], not: boolean): string {
  const has = set.length === 0 || set.join() === 'NONE' ? 'none' : set.join(',')
  return `with ${not ? 'other TCP flags than' : 'TCP flags'} ${has} of ${mask.join(',')}`
}
