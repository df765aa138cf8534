/**
 * > !! F01  docker0
 *      ip_forward is 0: nothing behind docker0 gets out
 *      net.ipv4.ip_forward = 0
 *      $ sysctl net.ipv4.ip_forward
 */
import type { Finding, Severity, Unchecked } from '../../model/finding.ts'
import type { Line, Span } from '../frame.ts'
import { findingsOf } from '../select/findings.ts'
import { keysOf } from '../keymap.ts'
import { restoreOf } from '../select/restorable.ts'
import { severityMarks, severityRoles } from '../select/severity.ts'
import { nameOf, shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import { gap, lineOf, span, wrapped } from './text.ts'

/** Lines of each finding, in order. */
export function findingLines(state: State, columns: number): readonly (readonly Line[])[] {
  const { world } = shown(state)
  const cursor = state.mode.type === 'gaps' ? state.mode.cursor : null
  const { findings } = findingsOf(state)
  return findings.map((finding, at) => {
    const place = nameOf(world, finding.netns)
    const where = finding.netns === world?.host || place === finding.subject ? '' : ` in ${place}`
    const last = at === findings.length - 1 ? [] : [lineOf([], columns)]
    const help = 'why' in restoreOf(state, finding) ? [] : helpLines(state, columns)
    return [...linesOf(finding, where, at === cursor, columns), ...help, ...last]
  })
}

const indent = 5

/** What the engine would write again at its start can be written without one. */
function helpLines({ options }: State, columns: number): readonly Line[] {
  const [key = ''] = keysOf('rules-restore', 'gaps', options.keys)
  const spans = [gap(indent), span(key, 'key'), span(' writes the lost rules back: first the plan is shown')]
  return [lineOf(spans, columns)]
}

function linesOf(finding: Finding, where: string, chosen: boolean, columns: number): readonly Line[] {
  const { id, severity, subject, says, evidence, command } = finding
  const role = severityRoles[severity]
  const title = [
    span(chosen ? '>' : ' ', 'key'),
    gap(1),
    span(severityMarks[severity], role),
    gap(1),
    span(id, role),
    span(`  ${subject}`, 'heading'),
    span(where, 'netns'),
    span(`  ${severityWords[severity]}`, 'dim'),
  ]
  const paragraph = (spans: readonly Span[]): readonly Line[] =>
    wrapped(spans, columns - indent).map((line) => lineOf([gap(indent), ...line], columns))
  return [
    lineOf(title, columns),
    ...paragraph([span(says)]),
    ...evidence.flatMap((each) => paragraph([span(each, 'dim')])),
    ...paragraph([span(`$ ${command}`, 'key')]),
  ]
}

const severityWords: Readonly<Record<Severity, string>> = {
  fault: 'does not work now',
  risk: 'will fail under a condition',
  note: 'unusual, and may be meant',
}

/** Each reason once, with the checks and namespaces it kept from being looked at. */
export function uncheckedLines(state: State, columns: number): readonly Line[] {
  const { world } = shown(state)
  const { unchecked } = findingsOf(state)
  const reasons = new Map<string, readonly Unchecked[]>()
  for (const one of unchecked) reasons.set(one.unknown, [...(reasons.get(one.unknown) ?? []), one])
  return [...reasons].flatMap(([reason, group]) => {
    const ids = [...new Set(group.map(({ id }) => id))].join(', ')
    const names = [...new Set(group.map(({ netns }) => nameOf(world, netns)))].join(', ')
    const spans = [span(`${ids} in `), span(names, 'netns'), span(`: ${reason}`, 'unreadable')]
    return wrapped(spans, columns - 2).map((line, at) => lineOf([gap(at === 0 ? 0 : 2), ...line], columns))
  })
}
