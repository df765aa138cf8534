/** From a finding to where it shows: its link or namespace in the tree, or the rules it is about. */
import type { Finding } from '../../model/finding.ts'
import { findingsOf } from '../select/findings.ts'
import { nameOf, netnsOf, shown } from '../select/shown.ts'
import { selectionOf } from '../select/subject.ts'
import type { State } from '../state.ts'
import { jumped } from './jump.ts'
import { openedAtRule, openedOn } from './rules.ts'
import { saying } from './step.ts'

/** `n`, `N` where nothing else is looked for. */
export function wentToFinding(state: State, step: 1 | -1): State {
  const { findings } = findingsOf(state)
  if (findings.length === 0) return state
  const last = state.finding ?? (step === 1 ? -1 : 0)
  const at = (last + step + findings.length) % findings.length
  return atFinding(state, at)
}

export function atFinding(state: State, at: number): State {
  const { findings } = findingsOf(state)
  const finding = findings[at]
  if (finding === undefined) return state
  const there = shownAt({ ...state, finding: at }, finding)
  const count = findings.length === 1 ? 'the only finding' : `finding ${at + 1} of ${findings.length}`
  return there === null
    ? saying(state, 'refused', `${finding.subject} has no row in the tree`)
    : saying(there, 'note', `${count}: ${finding.id} ${finding.subject}`)
}

function shownAt(state: State, finding: Finding): State | null {
  const { world } = shown(state)
  if (world === null) return null
  const { netns, ifindex, rule } = finding
  if (rule !== undefined && netnsOf(world, rule.netns) !== null) return openedAtRule(state, rule)
  const link = ifindex === null ? null : selectionOf(world, netns, ifindex)
  if (link !== null) return jumped(state, link)
  if (isAboutRules(finding)) return openedOn(state, netns)
  const row = selectionOf(world, netns, null)
  return row === null ? null : jumped(state, row)
}

/** What a rule is wrong with is shown by the tools that print rules. */
function isAboutRules({ command }: Finding): boolean {
  return /(?:^| )(?:ip6?tables|nft)(?:-[a-z]+)*(?: |$)/.test(command)
}

export function hasFindings(state: State): true | string {
  const { findings, unchecked } = findingsOf(state)
  if (findings.length > 0) return true
  const { world } = shown(state)
  const [first] = unchecked
  if (first === undefined) return 'nothing was looked for (/ filters, f finds), and nothing is wrong here'
  const where = nameOf(world, first.netns)
  return `nothing was looked for (/ filters, f finds), and nothing was found wrong; ${where} could not be checked whole`
}
