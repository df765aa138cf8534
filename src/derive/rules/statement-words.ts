/** What a rule does, as the end of a sentence about packets: `are sent on to nginx1 (172.17.0.3) port 80`. */
import type { Statement } from '../../model/ruleset.ts'
import { chainNote } from './chain-notes.ts'
import { addressWords } from './match-words.ts'
import { setNamed, type RuleContext } from './rule-context.ts'

/** `leaves`: the words before it end with the link that the packets leave by. */
export function statementWords(statement: Statement, context: RuleContext, leaves: boolean): string {
  switch (statement.kind) {
    case 'accept':
      return context.chain.type === 'nat' || context.table.name === 'nat'
        ? 'keep their addresses (ACCEPT)'
        : 'are let through'
    case 'drop':
      return 'are dropped'
    case 'reject':
      return `are refused${statement.with === null ? '' : ` with ${statement.with}`}`
    case 'return':
      if (context.chain.hook === null) return 'go back to the chain that called this one'
      return `get the policy of this chain${context.chain.policy === null ? '' : `, ${context.chain.policy}`}`
    case 'continue':
      return 'go on to the next rule'
    case 'notrack':
      return 'are not tracked'
    case 'jump':
      return `go through chain ${statement.chain}${noted(statement.chain)}`
    case 'goto':
      return `go on in chain ${statement.chain}${noted(statement.chain)} instead of this one`
    case 'dnat':
      if (statement.map !== null) return `are sent on to where this map says: ${statement.map}`
      return `are sent on to ${translated(statement, context)}${randomly(statement.flags)}`
    case 'snat':
      if (statement.map !== null) return `get the source that this map says: ${statement.map}`
      return `get ${translated(statement, context)} as their source${randomly(statement.flags)}`
    case 'masquerade': {
      const ports = statement.ports === null ? '' : ` and a port of ${statement.ports}`
      return `get ${leaves ? "that link's address" : 'the address of the link they leave by'}${ports}${randomly(statement.flags)}`
    }
    case 'redirect': {
      const port = statement.ports === null ? '' : `, ${portText(statement.ports)}`
      return `are sent to ${context.here} itself${port}${randomly(statement.flags)}`
    }
    case 'mark': {
      const mark = `${statement.value}${statement.mask === null ? '' : `/${statement.mask}`}`
      return statement.of === 'packet' ? `are marked ${mark}` : `have their connection marked ${mark}`
    }
    case 'log':
      return statement.prefix === null ? 'are logged' : `are logged as "${statement.prefix.trim()}"`
    case 'vmap':
      return `are decided by their ${keyWords(statement.key)}: ${verdicts(statement, context)}`
    default:
      return `have this done to them: ${statement.text}`
  }
}

function noted(chain: string): string {
  const note = chainNote(chain)
  return note === null ? '' : ` (${note})`
}

type Translation = Extract<Statement, { readonly kind: 'dnat' | 'snat' }>

function translated({ address, ports }: Translation, context: RuleContext): string {
  const port = ports === null ? '' : portText(ports)
  if (address === null) return port === '' ? 'another address' : port
  return [addressWords(address, context), port].filter(Boolean).join(' ')
}

const portText = (ports: string): string => `${/[-:,]/.test(ports) ? 'ports' : 'port'} ${ports}`

function randomly(flags: readonly string[]): string {
  return flags.length === 0 ? '' : ` (${flags.join(', ')})`
}

const keys: Readonly<Record<string, string>> = {
  iifname: 'input link',
  iif: 'input link',
  oifname: 'output link',
  oif: 'output link',
  'ip saddr': 'source',
  'ip6 saddr': 'source',
  'ip daddr': 'destination',
  'ip6 daddr': 'destination',
  'tcp dport': 'tcp port',
  'udp dport': 'udp port',
  'th dport': 'port',
  'meta l4proto': 'protocol',
  'ip protocol': 'protocol',
  'ct state': 'connection state',
}

function keyWords(key: readonly string[]): string {
  return key.map((each) => keys[each] ?? each).join(' and ')
}

const shown = 3

function verdicts(statement: Extract<Statement, { readonly kind: 'vmap' }>, { table }: RuleContext): string {
  if (statement.map === null) return listed(statement.elements.map(({ key, verdict }) => `${key} ${verdict}`))
  const map = setNamed(table, statement.map)
  const elements = map?.elements.map(({ key, value }) => `${key} ${value ?? ''}`)
  return `map ${statement.map}${elements === undefined ? '' : ` (${listed(elements)})`}`
}

function listed(elements: readonly string[]): string {
  if (elements.length === 0) return 'empty'
  const more = elements.length - shown
  return `${elements.slice(0, shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
