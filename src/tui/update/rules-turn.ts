/** `(`, `)`: the rules of the next namespace that has any. Who holds the rules knows which that is. */
import type { NetnsId } from '../../model/ids.ts'
import type { Rules } from '../feed.ts'
import { noRules } from '../rules-state.ts'
import { rulesAsked } from '../select/rules.ts'
import { nameOf, shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import { leaving } from './jump.ts'
import { saying } from './step.ts'

export function canTurnRules(state: State): true | string {
  if (state.frozen !== null) return 'the picture is frozen; z makes it live again'
  return state.rules.netns === null ? 'nothing has been read yet' : true
}

export function rulesTurned(state: State, step: 1 | -1): State {
  const { world, status } = shown(state)
  const { netns } = state.rules
  if (world === null || netns === null) return state
  if (status.type !== 'replay')
    return saying({ ...state, rules: { ...state.rules, turning: step } }, 'note', 'looking for rules …')
  const ruled = world.netns
    .filter(({ id, firewall }) => id === netns || hasTables(firewall))
    .map(({ id }) => id)
  const next = ruled[(ruled.indexOf(netns) + step + ruled.length) % ruled.length] ?? netns
  return next === netns ? alone(state) : begun(leaving(state), next)
}

const hasTables = (firewall: { readonly tables: readonly unknown[] } | null): boolean =>
  firewall !== null && firewall.tables.length > 0

/** What came is of the namespace that was found. */
export function turnedInto(state: State, value: Rules): State {
  if (value.netns === state.rules.netns) return alone({ ...state, rules: { ...state.rules, turning: null } })
  const next = begun(leaving(state), value.netns)
  return { ...next, feed: { ...next.feed, rules: value, rulesFor: rulesAsked(next) } }
}

function begun(state: State, netns: NetnsId): State {
  const rules = { ...noRules, netns, filter: state.rules.filter, marksSince: state.now }
  return saying({ ...state, rules }, 'note', `rules of ${nameOf(shown(state).world, netns)}`)
}

function alone(state: State): State {
  return saying(state, 'refused', 'no other namespace has rules')
}
