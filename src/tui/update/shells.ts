/** What opens, leaves, turns and closes shells, and what their messages do to the state. Pure: keep-shells.ts has them. */
import { placeOf } from '../../derive/probe/place.ts'
import type { Netns } from '../../model/netns.ts'
import type { Key } from '../msg.ts'
import { screenOf } from '../screens/screen-of.ts'
import { canLookInside } from '../select/inside.ts'
import { probeSources } from '../select/probe-sources.ts'
import { activeShell, runningShells, shellBox } from '../select/shells.ts'
import { netnsOf, shown } from '../select/shown.ts'
import { controlByte, keyBytes } from '../shell/key-bytes.ts'
import type { ShellOrder } from '../shell/shell-order.ts'
import { mostShells, type ShellEnd, type ShellRun, type ShellScreen } from '../shell/shells-state.ts'
import type { State } from '../state.ts'
import { saying, type Step } from './step.ts'

/** As a probe of the selected thing: of a bridge's port it is the namespace at its other end. */
function netnsSelected(state: State): Netns | null {
  const [source] = probeSources(state, 'ping')
  const id = source ?? screenOf(state).about(state)?.netns ?? null
  return id === null ? null : netnsOf(shown(state).world, id)
}

/** true, or why none can be opened on what is selected. */
export function canOpenShell(state: State): true | string {
  const { options, shells } = state
  if (options.mode === 'replay') return 'a recording has no namespace to enter'
  if (options.readonly) return 'a shell can change the host, and --readonly offers nothing that does'
  if (options.shells !== true) return 'no shell can be opened from here'
  const inside = canLookInside(state)
  if (inside !== true) return inside
  const netns = netnsSelected(state)
  if (netns !== null && runningIn(state, netns) !== undefined) return true
  return canAdd(state, netns) ?? shells.unavailable ?? true
}

function canAdd(state: State, netns: Netns | null): string | null {
  const { world } = shown(state)
  if (runningShells(state).length >= mostShells) return `${mostShells} shells are open; close one first`
  const place = world === null || netns === null ? null : placeOf(world, netns)
  return place?.ok === false ? place.failure.what : null
}

function runningIn(state: State, { id }: Netns): ShellRun | undefined {
  return runningShells(state).findLast(({ netns }) => netns.id === id)
}

/** Into the shell that runs there, or a new one. */
export function shellAsked(state: State): Step {
  const netns = netnsSelected(state)
  const running = netns === null ? undefined : runningIn(state, netns)
  if (running !== undefined) return [entered(state, running.number)]
  return netns === null ? [state] : opened(state, netns)
}

function opened(state: State, netns: Netns): Step {
  const { world } = shown(state)
  const place = world === null ? null : placeOf(world, netns)
  if (place === null || !place.ok) return [state]
  const number = state.shells.last + 1
  const run: ShellRun = {
    number,
    netns: place.value.netns,
    paths: netns.names.flatMap(({ path }) => path ?? []),
    columns: 0,
    rows: 0,
    screen: null,
    ended: null,
  }
  const next = entered(
    { ...state, shells: { ...state.shells, list: [...state.shells.list, run], last: number } },
    number,
  )
  const { columns, rows } = sizeIn(next)
  return [
    changed(next, number, (each) => ({ ...each, columns, rows })),
    { type: 'shell', number, order: { do: 'open', place: place.value, columns, rows } },
  ]
}

/** Of the shell in sight. */
function sizeIn(state: State): { readonly columns: number; readonly rows: number } {
  const box = shellBox(state, state.size)
  return { columns: box?.width ?? state.size.columns, rows: (box?.height ?? state.size.rows) - 1 }
}

/** Keys are that shell's; one that ended is looked at. */
function entered(state: State, number: number): State {
  const isOver = state.shells.list.find((each) => each.number === number)?.ended !== null
  return {
    ...state,
    mode: { type: isOver ? 'shell-left' : 'shell' },
    shells: { ...state.shells, active: number, isShown: true },
  }
}

export function canTurnToShell(state: State): true | string {
  return state.shells.list.length > 0 ? true : 'no shell is open'
}

/** The leave key: out of the shell, and back in; right after leaving it is meant for the shell itself. */
export function leftOrEntered(state: State): Step {
  const { mode, options } = state
  if (mode.type === 'shell') return [{ ...state, mode: { type: 'shell-left' } }]
  const active = activeShell(state) ?? state.shells.list.at(-1)
  if (active === undefined) return [state]
  const back = entered(state, active.number)
  const [leave = 'C-]'] = options.keys?.['shell-leave'] ?? []
  const byte = controlByte(leave)
  if (mode.type !== 'shell-left' || active.ended !== null || byte === null) return [back]
  return [back, ordered(active, { do: 'type', text: String.fromCharCode(byte) })]
}

/** Enter on the pane: back in, or away with one that ended. */
export function shellAccepted(state: State): Step {
  const active = activeShell(state)
  if (active === null) return [{ ...state, mode: { type: 'browse' } }]
  return active.ended === null ? [entered(state, active.number)] : shellClosed(state)
}

/** Into the shell that is in sight. */
export function shellClicked(state: State): Step {
  const active = activeShell(state)
  return active === null || state.mode.type === 'shell' ? [state] : [entered(state, active.number)]
}

/** Of what was typed together with the key that led to the shell. */
export function typedIntoShell(state: State, key: Key): Step {
  const active = activeShell(state)
  const text = keyBytes(key)
  return active === null || text === '' ? [state] : [state, ordered(active, { do: 'type', text })]
}

export function pastedIntoShell(state: State, text: string): Step {
  const active = activeShell(state)
  return active === null
    ? [state]
    : [state, ordered(active, { do: 'type', text: text.replaceAll('\n', '\r') })]
}

/** Hangs up on it, or lets go of one that ended. The next one takes its place in the pane. */
export function shellClosed(state: State): Step {
  const active = activeShell(state)
  if (active === null) return [state]
  const { shells } = state
  const at = shells.list.indexOf(active)
  const list = shells.list.filter((each) => each !== active)
  const next = list[Math.min(at, list.length - 1)]
  return [
    {
      ...state,
      mode: { type: next === undefined ? 'browse' : 'shell-left' },
      shells: { ...shells, list, active: next?.number ?? null, isShown: next !== undefined },
    },
    ordered(active, { do: 'end' }),
  ]
}

/** Esc: the pane goes, what runs in it runs on. */
export function shellHidden(state: State): State {
  return { ...state, mode: { type: 'browse' }, shells: { ...state.shells, isShown: false } }
}

export function canAddShell(state: State): true | string {
  const active = activeShell(state)
  const netns = active === null ? null : netnsOf(shown(state).world, active.netns.id)
  if (netns === null) return 'its namespace is gone'
  return canAdd(state, netns) ?? state.shells.unavailable ?? true
}

export function shellAdded(state: State): Step {
  const active = activeShell(state)
  const netns = active === null ? null : netnsOf(shown(state).world, active.netns.id)
  return netns === null ? [state] : opened(state, netns)
}

export function shellTurned(state: State, step: 1 | -1): State {
  const { list, active } = state.shells
  const at = list.findIndex(({ number }) => number === active)
  const next = list[(at + step + list.length) % list.length]
  return next === undefined ? state : { ...state, shells: { ...state.shells, active: next.number } }
}

export function shellFilled(state: State): State {
  return { ...state, shells: { ...state.shells, isFull: !state.shells.isFull } }
}

export function canScrollShell(state: State): true | string {
  return shellBox(state, state.size) === null ? 'no shell is in sight' : true
}

/** By so many pages, or lines; a line of the page before stays in sight. */
export function shellScrolled(
  state: State,
  by: { readonly pages: number } | { readonly lines: number },
): Step {
  const active = activeShell(state)
  if (active === null) return [state]
  const lines = 'lines' in by ? by.lines : by.pages * Math.max(1, active.rows - 1)
  return [state, ordered(active, { do: 'scroll', lines })]
}

export function canCopyShell(state: State): true | string {
  return linesIn(state).length > 0 ? true : 'it shows nothing'
}

export function shellCopied(state: State): Step {
  const lines = linesIn(state)
  const said = lines.length === 1 ? 'copied: 1 line' : `copied: ${lines.length} lines`
  return [saying(state, 'done', said), { type: 'copy', text: lines.join('\n') }]
}

/** What is in sight, without empty lines at its end. */
function linesIn(state: State): readonly string[] {
  const lines = (activeShell(state)?.screen?.lines ?? []).map(({ spans }) =>
    spans
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  )
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1)
}

export function shellShown(state: State, number: number, screen: ShellScreen): State {
  return changed(state, number, (run) => ({ ...run, screen }))
}

/** Keys are the screen's again. */
export function shellEnded(state: State, number: number, end: ShellEnd, unavailable: string | null): State {
  const { shells } = state
  if (!shells.list.some((each) => each.number === number)) return state
  const told = changed(state, number, (run) => ({ ...run, ended: end }))
  const mode =
    state.mode.type === 'shell' && shells.active === number ? { type: 'shell-left' as const } : state.mode
  if (end.problem === null) return { ...told, mode }
  // It never began: there is nothing to look at but the reason.
  const list = shells.list.filter((each) => each.number !== number)
  const active = shells.active === number ? (list.at(-1)?.number ?? null) : shells.active
  const isShown = shells.isShown && active !== null
  const kept = { ...shells, list, active, isShown, unavailable: unavailable ?? shells.unavailable }
  const away = mode.type === 'shell-left' && !isShown ? { type: 'browse' as const } : mode
  return saying({ ...state, mode: away, shells: kept }, 'error', end.problem)
}

function changed(state: State, number: number, change: (run: ShellRun) => ShellRun): State {
  const { shells } = state
  const list = shells.list.map((run) => (run.number === number ? change(run) : run))
  return { ...state, shells: { ...shells, list } }
}

function ordered({ number }: ShellRun, order: ShellOrder): Step[1] & object {
  return { type: 'shell', number, order }
}

/** After every message: keys go to the shell that has them, and its terminal is as large as its place. */
export function shellsSettled(state: State): Step {
  const active = activeShell(state)
  const box = shellBox(state, state.size)
  const keys = state.mode.type === 'shell' ? (active?.number ?? null) : null
  const shownNumber = box === null ? null : (active?.number ?? null)
  const { told } = state.shells
  const isTold = told.keys === keys && told.shown === shownNumber
  const now = { keys, shown: shownNumber }
  const focused: State = isTold ? state : { ...state, shells: { ...state.shells, told: now } }
  const turned = isTold ? [] : [{ type: 'shell-focus', ...now } as const]
  const { columns, rows } = sizeIn(state)
  if (active === null || box === null || (active.columns === columns && active.rows === rows))
    return [focused, ...turned]
  const sized = changed(focused, active.number, (run) => ({ ...run, columns, rows }))
  return [sized, ordered(active, { do: 'resize', columns, rows }), ...turned]
}
