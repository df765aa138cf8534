/** Chains as iptables lists them, each rule in short and, below it, in words. Every chain stands there once. */
import type { NatShape, UnreadTableShape } from '../command/rules-shapes.ts'
import { chainsByCall, inOrder } from '../derive/rules/chain-order.ts'
import { ruleContext } from '../derive/rules/rule-context.ts'
import { ruleLine } from '../derive/rules/rule-line.ts'
import { chainNote } from '../derive/rules/chain-notes.ts'
import { pad, width } from '../lib/width.ts'
import type { NetnsId } from '../model/ids.ts'
import type { Chain, NfTable, Rule } from '../model/ruleset.ts'
import type { World } from '../model/world.ts'
import { clean } from './clean.ts'
import type { Style } from './style.ts'
import { lineColumns, wrap } from './wrap.ts'

type Shown = { readonly data: NatShape; readonly world: World; readonly id: NetnsId }

export function natText({ data, world, id }: Shown, style: Style): readonly string[] {
  const firewall = world.netns.find((netns) => netns.id === id)?.firewall ?? null
  const lines: string[] = []
  for (const table of inOrder(firewall?.tables ?? [])) {
    const asked = data.tables.find(
      (each) => each.name === table.name && each.family === table.family && each.backend === table.backend,
    )
    if (asked === undefined || 'unknown' in asked || firewall === null) continue
    const shapes = new Map(asked.chains.map((chain) => [chain.name, chain]))
    lines.push(tableHeading(table, style))
    for (const chain of chainsByCall(table).filter(({ name }) => shapes.has(name))) {
      const context = ruleContext(world, id, firewall, { table, chain })
      lines.push(chainHeading(chain, style))
      const room = Math.max(3, ...chain.rules.map(({ number }) => String(number).length))
      for (const [at, rule] of chain.rules.entries()) {
        const { target, detail, note } = ruleLine(rule, context)
        const text = `${clean(target)}  ${clean(detail)}${note === null ? '' : `  ${note === rule.comment ? `"${clean(note)}"` : clean(note)}`}`
        const [first = '', ...rest] = wrap(text, lineColumns - room - 1 - counterColumns)
        lines.push(withCounters(`${String(rule.number).padStart(room)} ${first}`, rule, style))
        lines.push(...rest.map((line) => `${' '.repeat(room + 3)}${line}`))
        const words = wrap(clean(shapes.get(chain.name)?.rules[at]?.words ?? ''), lineColumns - room - 3)
        lines.push(...words.map((line) => `${' '.repeat(room + 3)}${style.paint('dim', line)}`))
      }
    }
    if (table.sets.length > 0) lines.push(...setLines(table))
    lines.push('')
  }
  lines.push(...data.tables.flatMap((each) => ('unknown' in each ? [unreadLine(each, style)] : [])))
  if (data.tables.length === 0) lines.push(`${clean(data.netns.name)} has no rules`)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** Two counters of at most six digits, each with a space before it. */
const counterColumns = 14

function tableHeading({ name, family, backend }: NfTable, style: Style): string {
  const heading = `table ${clean(name)} (${family}, ${backend})`
  const counters = `${'pkts'.padStart(7)}${'bytes'.padStart(7)}`
  return (
    style.paint('bold', heading) +
    style.paint('dim', counters.padStart(Math.max(counterColumns, lineColumns - width(heading))))
  )
}

function chainHeading(chain: Chain, style: Style): string {
  const note = chainNote(chain.name)
  const about = [
    ...(chain.hook === null
      ? []
      : [`at ${clean(chain.hook)}${chain.priority === null ? '' : ` ${chain.priority}`}`]),
    ...(chain.devices.length === 0 ? [] : [`of ${chain.devices.map((each) => clean(each)).join(', ')}`]),
    ...(chain.policy === null ? [] : [`policy ${clean(chain.policy.toUpperCase())}`]),
    ...(note === null ? [] : [note]),
    ...(chain.rules.length === 0 ? ['no rules'] : []),
  ].join(', ')
  const name = clean(chain.name)
  const room = lineColumns - counterColumns
  const counts = chain.packets === null && chain.bytes === null ? null : chain
  const heading = `${style.paint('cyan', name)}${about === '' ? '' : `  ${about}`}`
  const columns = width(name) + (about === '' ? 0 : width(about) + 2)
  return counts === null ? heading : heading + ' '.repeat(Math.max(0, room - columns)) + counterText(counts)
}

function withCounters(line: string, rule: Rule, style: Style): string {
  const counters = counterText(rule)
  return pad(line, Math.max(width(line), lineColumns - counterColumns)) + style.paint('cyan', counters)
}

function counterText({ packets, bytes }: Pick<Rule, 'packets' | 'bytes'>): string {
  return shortNumber(packets).padStart(7) + shortNumber(bytes).padStart(7)
}

const units = ['', 'k', 'M', 'G', 'T', 'P', 'E']

/** Exact up to six digits, as iptables -L has them; null: there is no counter. */
function shortNumber(value: number | null): string {
  if (value === null) return '-'
  let [rest, unit] = [value, 0]
  while (rest >= 1_000_000 || (unit > 0 && rest >= 100_000)) {
    rest /= 1000
    unit++
  }
  return `${Math.floor(rest)}${units[unit] ?? ''}`
}

const shownElements = 8

function setLines({ sets }: NfTable): readonly string[] {
  return sets.flatMap(({ name, kind, type, elements }) => {
    const shown = elements
      .slice(0, shownElements)
      .map(({ key, value }) => (value === null ? clean(key) : `${clean(key)}: ${clean(value)}`))
    const more = elements.length - shown.length
    const text = shown.length === 0 ? 'empty' : `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
    return wrap(`${kind} ${clean(name)} (${clean(type)}): ${text}`).map((line, at) =>
      at === 0 ? line : `    ${line}`,
    )
  })
}

function unreadLine({ backend, family, name, unknown }: UnreadTableShape, style: Style): string {
  const which = [backend, family, name === null ? null : `table ${clean(name)}`].filter(Boolean).join(' ')
  return style.paint('yellow', `${which === '' ? 'rules' : which}: ${clean({ unknown })}`)
}
