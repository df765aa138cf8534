/** `p`, `w`, `t` …: a probe is asked for. Its target is offered or typed, Enter starts it. */
import type { NetnsId } from '../../model/ids.ts'
import { screenOf } from '../screens/screen-of.ts'
import { probeAsked } from '../select/probe-asked.ts'
import type { FormKind } from '../select/probe-kinds.ts'
import { offersOf } from '../select/probe-offers.ts'
import { canEnter, probeSources } from '../select/probe-sources.ts'
import { nameOf, netnsOf, shown } from '../select/shown.ts'
import type { Mode, State } from '../state.ts'
import { emptyInput, inputOf } from './input.ts'
import { target, type Motion } from './motion.ts'
import { probeStarted } from './probes.ts'
import { saying, type Step } from './step.ts'

export type ProbeForm = Extract<Mode, { readonly type: 'probe-form' }>

export const mayChange = 'a program can change the host, and --readonly offers nothing that does'

/** true, or why nothing can be sent from the selected thing's namespace. */
export function canProbe(state: State, kind: FormKind): true | string {
  if (state.options.mode === 'replay') return 'a recording is not the host: nothing can be sent from it'
  if (kind === 'tool' && state.options.readonly) return mayChange
  const { world } = shown(state)
  if (world === null) return 'nothing has been read yet'
  const id = screenOf(state).about(state)?.netns ?? null
  if (probeSources(state, kind).length > 0) return true
  if (id === null) return 'nothing is selected that is in a namespace'
  const can = canEnter(state, id)
  return can === true ? true : `${nameOf(world, id)} cannot be entered: ${can}`
}

export function formOpened(state: State, kind: FormKind): State {
  const sources = probeSources(state, kind)
  const [netns] = sources
  if (netns === undefined) return state
  return { ...state, mode: { type: 'probe-form', kind, netns, sources, input: emptyInput, cursor: 0 } }
}

/** Opened on what was asked before, to be asked otherwise. `text`: what stood behind the kind. */
export function probeFormOpened(state: State, kind: FormKind, text: string, netns: NetnsId): State {
  const can = canEnter(state, netns)
  const { world } = shown(state)
  if (can !== true) return saying(state, 'refused', `${nameOf(world, netns)} cannot be entered: ${can}`)
  const sources = [...new Set([netns, ...(world === null ? [] : [world.host])])]
  return { ...state, mode: { type: 'probe-form', kind, netns, sources, input: inputOf(text), cursor: 0 } }
}

export function movedInForm(state: State, mode: ProbeForm, motion: Motion): State {
  const last = Math.max(0, offersOf(state).length - 1)
  return { ...state, mode: { ...mode, cursor: target(Math.min(mode.cursor, last), last, 10, motion) } }
}

/** Tab: what is chosen stands in the line, to be added to; where it stands there already, options follow. */
export function offerTaken(state: State): State {
  const { mode } = state
  if (mode.type !== 'probe-form') return state
  const offers = offersOf(state)
  const chosen = offers[Math.min(mode.cursor, offers.length - 1)]
  const typed = mode.input.text.trim()
  const option = mode.cursor === 0 ? offers.find(({ kind }) => kind === 'option') : undefined
  const isThere = chosen === undefined || chosen.text.trim() === typed
  const text = isThere ? (option?.text ?? (typed === '' ? '' : `${typed} `)) : chosen.text
  return { ...state, mode: { ...mode, input: inputOf(text), cursor: 0 } }
}

/** Ctrl-T: the next of the namespaces that it could start in. */
export function sourceTurned(state: State): State {
  const { mode } = state
  if (mode.type !== 'probe-form') return state
  const { sources, netns } = mode
  const next = sources[(sources.indexOf(netns) + 1) % sources.length]
  if (next === undefined || next === netns)
    return saying(state, 'refused', 'there is no other namespace that this is likely to start in')
  return { ...state, mode: { ...mode, netns: next, cursor: 0 } }
}

export function formAccepted(state: State, mode: ProbeForm): Step {
  const { world } = shown(state)
  const netns = netnsOf(world, mode.netns)
  if (world === null || netns === null) return [saying(state, 'refused', 'this namespace is gone')]
  const offers = offersOf(state)
  const chosen = offers[Math.min(mode.cursor, offers.length - 1)]
  if (chosen?.kind === 'option') return [offerTaken(state)]
  const asked = probeAsked(world, mode.kind, netns, chosen?.text ?? mode.input.text.trim())
  if (asked.kind !== 'ready') return [saying(state, 'refused', asked.why)]
  return probeStarted({ ...state, mode: { type: 'browse' } }, asked.request, asked.what)
}
