import type { Need } from '../../collect/protocol.ts'
import { screenOf } from '../screens/screen-of.ts'
import type { State } from '../state.ts'
import { shown } from './shown.ts'
import { detailsNeed } from './topology-needs.ts'

/** What is on the screen, and so what the worker keeps fresh. */
export function needsOf(state: State): readonly Need[] {
  if (shown(state).world === null) return []
  const own = screenOf(state).needs(state)
  const { mode } = state
  if (mode.type === 'route')
    return [...own.filter(({ kind }) => kind !== 'details'), ...detailsNeed(state, mode.netns)]
  // What listens is offered, too.
  const asksPort =
    (mode.type === 'probe-form' && ['tcp', 'udp', 'http'].includes(mode.kind)) ||
    (mode.type === 'change-form' && ['node-add', 'net-publish'].includes(mode.form))
  if (asksPort) return own.some(({ kind }) => kind === 'ports') ? own : [...own, { kind: 'ports' }]
  const text = mode.type === 'find' ? mode.input.text.trim() : ''
  return text === '' ? own : [...own, { kind: 'find', text }]
}
