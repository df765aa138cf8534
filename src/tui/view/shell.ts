/**
 * The shell that is in sight, below a heading that names it and the others:
 *
 *   ━> shell  1 web │ 2 host ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 24 lines back ━
 */
import type { Region, Role, Size, Span } from '../frame.ts'
import { activeShell, shellBox } from '../select/shells.ts'
import { netnsOf, shown } from '../select/shown.ts'
import type { ShellRun } from '../shell/shells-state.ts'
import type { State } from '../state.ts'
import { glyphs } from './glyphs.ts'
import { counted } from './numbers.ts'
import { rule } from './rule.ts'
import { gap, lineOf, span } from './text.ts'

/** null: none is in sight. */
export function shellRegion(state: State, size: Size): Region | null {
  const box = shellBox(state, size)
  const active = activeShell(state)
  if (box === null || active === null) return null
  const heading = rule(headingOf(state, active), box.width, glyphs(state.options.ascii), {
    focus: state.mode.type === 'shell',
    right: stateOf(active),
  })
  const lines = active.screen?.lines ?? [lineOf([span('starting …', 'dim')], box.width)]
  return { id: 'shell', ...box, lines: [lineOf(heading, box.width), ...lines.slice(0, box.height - 1)] }
}

/** Where the terminal's cursor stands while keys are the shell's. */
export function shellCursor(
  state: State,
  size: Size,
): { readonly row: number; readonly column: number } | null {
  const box = shellBox(state, size)
  const cursor = activeShell(state)?.screen?.cursor ?? null
  if (state.mode.type !== 'shell' || box === null || cursor === null) return null
  if (cursor.row >= box.height - 1 || cursor.column >= box.width) return null
  return { row: box.top + 1 + cursor.row, column: cursor.column }
}

function headingOf(state: State, active: ShellRun): readonly Span[] {
  const { bar } = glyphs(state.options.ascii)
  const names = state.shells.list.flatMap((run, at): readonly Span[] => {
    const role: Role = run !== active ? 'dim' : run.ended === null ? 'heading' : 'gone'
    const between = at === 0 ? [] : [span(` ${bar} `, 'border')]
    return [...between, span(`${run.number} ${run.netns.name}`, role)]
  })
  const held = heldOnly(state, active)
  return [span('shell', 'dim'), gap(2), ...names, ...(held === null ? [] : [gap(2), span(held, 'changed')])]
}

/** A namespace that was deleted lives as long as something in it does, and that may be this shell alone. */
function heldOnly(state: State, { netns: { id }, paths, ended }: ShellRun): string | null {
  const { world } = shown(state)
  if (world === null || ended !== null) return null
  const netns = netnsOf(world, id)
  if (netns === null) return 'its namespace is gone from the list; this shell holds it'
  if (paths.length === 0 || netns.names.some(({ path }) => path !== null && paths.includes(path))) return null
  return `${paths[0] ?? 'its name'} is gone; what runs in it holds it`
}

function stateOf({ ended, screen }: ShellRun): string {
  if (ended !== null) {
    const how =
      ended.signal === null ? `exited with code ${ended.exitCode ?? '?'}` : `ended by ${ended.signal}`
    return `${how}; Enter closes it`
  }
  const back = screen?.back ?? 0
  return back > 0 ? `${counted(back, 'line')} back` : ''
}
