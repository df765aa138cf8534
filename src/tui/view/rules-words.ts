/**
 *   ── rule 1 of nat POSTROUTING ───────────────────────────
 *    packets from 172.17.0.0/16 that leave by any link but docker0 get that link's address
 *    -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
 *    $ iptables-nft -t nat -vnL POSTROUTING --line-numbers
 */
import type { RuleRowView } from '../../model/rules-window.ts'
import type { Line, Region, Span } from '../frame.ts'
import type { Box } from '../layout.ts'
import { rulesCommand } from '../select/rules-command.ts'
import { selectedRule } from '../select/rules.ts'
import { shown } from '../select/shown.ts'
import { clockTime } from '../select/clock.ts'
import type { State } from '../state.ts'
import { glyphs } from './glyphs.ts'
import { rule } from './rule.ts'
import { gap, lineOf, span, wrapped } from './text.ts'

export function rulesWords(state: State, box: Box): Region {
  const row = selectedRule(state)
  const look = glyphs(state.options.ascii)
  const right = state.options.mode === 'live' ? `new since ${clockTime(state.rules.marksSince)}` : ''
  const title = row === null ? [span('nothing selected', 'dim')] : titleOf(row)
  const { said, shell } = row === null ? { said: [], shell: [] } : contentOf(state, row, box)
  const room = Math.max(0, box.height - 1 - shell.length)
  const focus = state.rules.focus === 'words'
  const from = focus ? state.rules.wordsTop : 0
  const seen = said.slice(from, from + room)
  const rest = said.length - seen.length
  const more = focus ? `${from + 1}-${from + seen.length} of ${said.length}` : `Tab: ${rest} more`
  const heading = rule(title, box.width, look, { right: rest > 0 ? more : right, focus })
  return { id: 'rules-words', ...box, lines: [lineOf(heading, box.width), ...seen, ...shell] }
}

/** So far the words of the selected row can be scrolled. */
export function wordsScroll(state: State, box: Box): number {
  const row = selectedRule(state)
  if (row === null) return 0
  const { said, shell } = contentOf(state, row, box)
  return Math.max(0, said.length - Math.max(0, box.height - 1 - shell.length))
}

function titleOf({ kind, title, number, about, owner }: RuleRowView): readonly Span[] {
  const whose = owner === null ? [] : [span('  about '), span(owner.name, 'container')]
  switch (kind) {
    case 'rule':
      return [span(`rule ${number ?? ''} of ${about}`, 'heading'), ...whose]
    case 'element':
      return [span(`element of a map in ${about}`, 'heading')]
    case 'unread':
      return [span(title, 'heading')]
    case 'chain':
    case 'table':
      return [span(`${kind} ${title}`, 'heading')]
    default:
      return kind satisfies never
  }
}

/** `shell` keeps its line; what the rule says takes what is left. */
function contentOf(
  state: State,
  row: RuleRowView,
  { width }: Box,
): { readonly said: readonly Line[]; readonly shell: readonly Line[] } {
  const { world } = shown(state)
  const { netns } = state.rules
  const command = world === null || netns === null ? null : rulesCommand(world, netns, row)
  const shell = command === null ? [] : [lineOf([span(' $ ', 'dim'), span(command, 'key')], width)]
  return { said: [...paragraph(wordsOf(row), width), ...paragraph([span(row.text, 'dim')], width)], shell }
}

function paragraph(spans: readonly Span[], width: number): readonly Line[] {
  if (spans.every(({ text }) => text === '')) return []
  return wrapped(spans, width - 2).map((line) => lineOf([gap(1), ...line], width))
}

function wordsOf({ kind, words, about, note }: RuleRowView): readonly Span[] {
  if (kind === 'rule' || kind === 'element') return [span(words)]
  if (kind === 'unread')
    return [
      span(`could not be read: ${about}`, 'unreadable'),
      ...(note === null ? [] : [span('; what helps: ', 'dim'), span(note, 'key')]),
    ]
  return [span([note ?? '', about].filter(Boolean).join('; '))]
}
