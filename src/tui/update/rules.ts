/** The Rules screen: opening it on a namespace, choosing tables and families, counting growth from now. */
import { isHidden, type NetnsId } from '../../model/ids.ts'
import type { RuleRef } from '../../model/rule-ref.ts'
import type { RulesFilter, RulesWindow } from '../../model/rules-window.ts'
import { rulesWindowOf } from '../select/rules.ts'
import { nameOf, netnsOf, shown } from '../select/shown.ts'
import { subjectOf } from '../select/subject.ts'
import { noRules } from '../rules-state.ts'
import type { State } from '../state.ts'
import { leaving } from './jump.ts'
import { saying } from './step.ts'

/** The namespace of what is selected on Topology, else the host's. */
function chosenNetns(state: State): NetnsId | null {
  const subject = subjectOf(state)
  const chosen = subject?.kind === 'link' || subject?.kind === 'netns' ? subject.netns.id : null
  return chosen ?? shown(state).world?.host ?? null
}

export function rulesOpened(state: State): State {
  const netns = chosenNetns(state)
  return state.screen === 'rules' || netns === null ? state : openedOn(state, netns)
}

/** What was looked at before in the same namespace is looked at again, and its growth counted on. */
export function openedOn(state: State, netns: NetnsId): State {
  const rules = state.rules.netns === netns ? state.rules : { ...noRules, netns, marksSince: state.now }
  return { ...leaving(state), screen: 'rules', rules: { ...rules, locate: null } }
}

/** On one rule, whatever was filtered or folded before. */
export function openedAtRule(state: State, rule: RuleRef): State {
  const opened = openedOn(state, rule.netns)
  return { ...opened, rules: { ...opened.rules, filter: nothing, locate: rule } }
}

export function canOpenRules(state: State): true | string {
  const { world } = shown(state)
  const id = chosenNetns(state)
  if (world === null || id === null) return 'nothing has been read yet'
  if (state.screen === 'rules') return true
  if (isHidden(id)) return `${nameOf(world, id)} is hidden: no path leads there to read its rules`
  const readable = netnsOf(world, id)?.readable
  return readable === true || readable === undefined
    ? true
    : `${nameOf(world, id)} could not be read: ${readable.unknown}`
}

type Kind = Pick<RulesFilter, 'backend' | 'family'>

const nothing: RulesFilter = {}

/** All families, then each backend's. */
function kindsOf({ tables }: RulesWindow): readonly Kind[] {
  const kinds = tables.map(({ backend, family }) => ({ backend, family }))
  const distinct = kinds.filter(
    (kind, at) =>
      kinds.findIndex((other) => other.backend === kind.backend && other.family === kind.family) === at,
  )
  return [nothing, ...distinct]
}

export function familyTurned(state: State, step: 1 | -1): State {
  const window = rulesWindowOf(state)
  if (window === null) return state
  const { backend, family, text } = state.rules.filter
  const kinds = kindsOf(window)
  const at = kinds.findIndex((kind) => kind.backend === backend && kind.family === family)
  const kind = kinds[(at + step + kinds.length) % kinds.length] ?? nothing
  return filtered(state, { ...kind, ...(text === undefined ? {} : { text }) })
}

/** Through the tables of the chosen family, and all of them. */
export function tableTurned(state: State, step: 1 | -1): State {
  const window = rulesWindowOf(state)
  if (window === null) return state
  const { backend, family, table, text } = state.rules.filter
  const names = window.tables
    .filter(
      (each) =>
        (backend === undefined || each.backend === backend) &&
        (family === undefined || each.family === family),
    )
    .map(({ name }) => name)
  const choices = [undefined, ...new Set(names)]
  const at = choices.indexOf(table)
  const name = choices[(at + step + choices.length) % choices.length]
  return filtered(state, {
    ...(backend === undefined ? {} : { backend }),
    ...(family === undefined ? {} : { family }),
    ...(name === undefined ? {} : { table: name }),
    ...(text === undefined ? {} : { text }),
  })
}

/** Other rows: from their beginning. Folds are kept, they name their rows. */
export function filtered(state: State, filter: RulesFilter): State {
  return { ...state, rules: { ...state.rules, filter, at: 0, top: 0, key: null, locate: null } }
}

export function hasFamilies(state: State): true | string {
  return choice(state, (window) => kindsOf(window).length - 1, 'family')
}

export function hasTables(state: State): true | string {
  return choice(state, ({ tables }) => new Set(tables.map(({ name }) => name)).size, 'table')
}

/** `one`: what there is only one of. */
function choice(state: State, count: (window: RulesWindow) => number, one: string): true | string {
  const onScreen = onRules(state)
  if (onScreen !== true) return onScreen
  const window = rulesWindowOf(state)
  if (window === null) return 'the rules are not here yet'
  const there = count(window)
  return there > 1 ? true : `there is ${there === 0 ? `no ${one}` : `only one ${one}`}`
}

function onRules(state: State): true | string {
  return state.screen === 'rules' ? true : 'only on the Rules screen, 3'
}

/** From now on growth counts from the counters that are on the screen. */
export function growthReset(state: State): State {
  const next = { ...state.rules, marks: noRules.marks, marked: null, marksSince: state.now }
  return saying({ ...state, rules: next }, 'note', 'growth counts from now')
}

export function rulesFilterTyped(state: State, text: string): State {
  const { text: _, ...filter } = state.rules.filter
  return filtered(state, text.trim() === '' ? filter : { ...filter, text })
}
