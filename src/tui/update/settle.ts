/** What every message leads to: the selection is somewhere, it is in sight, and what is in sight is asked for. */
import type { Effect, Msg } from '../msg.ts'
import { screenOf } from '../screens/screen-of.ts'
import { needsOf } from '../select/needs.ts'
import { rulesAsked } from '../select/rules.ts'
import { treeOf } from '../select/tree.ts'
import type { State } from '../state.ts'
import { planAsked } from './change-form.ts'
import { clamped } from './clamp.ts'
import { inSight, selected } from './selection.ts'
import { shellsSettled } from './shells.ts'
import { nextWake } from './wake.ts'
import type { Step } from './step.ts'

export function settle(before: State, [raw, ...effects]: Step, msg: Msg): readonly [State, ...Effect[]] {
  const kept = clamped(inSight(before, selected(before, expired(raw))))
  const placed = screenOf(kept).placed(before, kept)
  const [asking, ...asked] = declared(placed)
  const [waiting, ...waking] = woken(asking, msg)
  const [shelled, ...shells] = shellsSettled(waiting)
  const [state, ...plans] = planAsked(shelled)
  return [state, ...effects, ...asked, ...waking, ...shells, ...plans]
}

/** Flashes and ghosts whose time is over. */
function expired(state: State): State {
  const { feed, topology, now } = state
  const over = [...feed.flashes].some(([, flash]) => flash.until <= now)
  const flashes = over ? new Map([...feed.flashes].filter(([, flash]) => flash.until > now)) : feed.flashes
  const ghost = topology.ghost
  if (ghost === null || ghost.until > now) return over ? { ...state, feed: { ...feed, flashes } } : state
  const { lines } = treeOf({ ...state, topology: { ...topology, ghost: null } })
  const next = lines[Math.min(ghost.index, lines.length - 1)]
  const here = topology.selection?.row === ghost.row
  const selection = !here
    ? topology.selection
    : next === undefined
      ? null
      : ({ row: next.id, end: 'near' } as const)
  return { ...state, feed: { ...feed, flashes }, topology: { ...topology, ghost: null, selection } }
}

/** Says what is visible, once each time that changes. */
function declared(state: State): Step {
  if (state.options.mode === 'replay') return [state]
  const { status } = state.feed
  if (status.type === 'lost' && !status.restarting) return [state]
  const needs = needsOf(state)
  const text = JSON.stringify(needs)
  if (text === state.asked.needs) return [state]
  const generation = state.asked.generation + 1
  const what = rulesAsked(state)
  const rules = what === state.asked.rules.what ? state.asked.rules : { what, since: generation }
  return [
    { ...state, asked: { ...state.asked, needs: text, generation, rules } },
    { type: 'need', needs, generation },
  ]
}

function woken(state: State, msg: Msg): Step {
  const at = nextWake(state)
  const pending = state.asked.wakeAt
  if (at === null || (pending !== null && pending <= at && msg.type !== 'resumed')) return [state]
  return [
    { ...state, asked: { ...state.asked, wakeAt: at } },
    { type: 'wake', afterMs: Math.max(1, at - state.now) },
  ]
}
