/** What must be so of every screen at every moment; each check throws with what is wrong. */
import { width } from '../../src/lib/width.ts'
import type { Region } from '../../src/tui/frame.ts'
import { screenOf } from '../../src/tui/screens/screen-of.ts'
import { screens } from '../../src/tui/screens.ts'
import { isAnswer, rulesWindowOf } from '../../src/tui/select/rules.ts'
import { treeOf } from '../../src/tui/select/tree.ts'
import { shown } from '../../src/tui/select/shown.ts'
import type { State } from '../../src/tui/state.ts'
import { update } from '../../src/tui/update.ts'
import { placeOf } from '../../src/tui/update/jump.ts'
import type { Screen } from './screen.ts'

/** Controls, and characters that hide or turn what stands beside them; a whale for what terminals disagree on. */
const forbidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Mark}🐳]/u

/** Regions lie in the frame, lines in their regions, and no text holds what no terminal should get. */
export function frameHolds(it: Screen): void {
  const frame = it.frame()
  const { columns, rows } = it.state.size
  if (frame.columns !== columns || frame.rows !== rows) throw new Error('the frame has another size')
  for (const region of frame.regions) {
    const { id, top, left, width: wide, height, lines, chart } = region
    const inside =
      top >= 0 && left >= 0 && height >= 0 && wide >= 0 && top + height <= rows && left + wide <= columns
    if (!inside)
      throw new Error(`${id} is outside: ${JSON.stringify({ top, left, height, wide, columns, rows })}`)
    if (lines.length > height) throw new Error(`${id} has ${lines.length} lines for ${height}`)
    for (const line of lines) {
      const text = textOf(line)
      if (width(text) > wide) throw new Error(`${id} is wider than ${wide}: ${text}`)
      if (forbidden.test(text)) throw new Error(`${id} holds ${JSON.stringify(text)}`)
    }
    const labels = [...(chart?.times ?? []), ...(chart?.series.map(({ label }) => label) ?? [])].join('')
    if (forbidden.test(labels)) throw new Error(`${id} holds ${JSON.stringify(labels)}`)
  }
  const ids = frame.regions.map(({ id }) => id)
  if (new Set(ids).size !== ids.length) throw new Error(`two regions of one name: ${ids.join(' ')}`)
  const { cursor } = frame
  if (cursor !== null && (cursor.row >= rows || cursor.column >= columns))
    throw new Error('the cursor is outside')
}

/** What is selected is there, or marked as gone; and it is in sight. */
export function selectionHolds(it: Screen): void {
  const { state } = it
  const { selection, ghost } = state.topology
  const list = treeOf(state)
  if (selection === null && list.lines.length > 0) throw new Error('nothing of the tree is selected')
  if (selection !== null && !list.at.has(selection.row))
    throw new Error(`${selection.row} is selected and neither there nor gone`)
  if (ghost !== null && shown(state).world === null) throw new Error('gone from no world')
  const mode = state.mode.type
  if (mode !== 'browse' && mode !== 'filter') return
  const regions = it.frame().regions
  const region = (id: string): Region | undefined => regions.find((each) => each.id === id)
  const tree = region('tree')
  if (tree !== undefined && selection !== null) {
    const marked = tree.lines.filter((line) => textOf(line).startsWith('>') || hasKeyMark(line))
    if (marked.length !== 1)
      throw new Error(`${marked.length} marked rows for ${selection.row} at ${state.topology.top}`)
  }
  const rules = region('rules')
  const window = rulesWindowOf(state)
  if (mode === 'browse' && rules !== undefined && window !== null && isAnswer(state) && window.size > 0) {
    const chosen = rules.lines.filter((line) => line.selected === true)
    if (chosen.length !== 1)
      throw new Error(`${chosen.length} chosen rules at ${JSON.stringify(state.rules)}`)
  }
  const rows = region('rows')
  if (rows !== undefined && state.screen !== 'topology' && state.screen !== 'rules') tableHolds(state, rows)
}

function tableHolds(state: State, region: Region): void {
  if (state.screen === 'topology' || state.screen === 'rules') return
  const id = state.pages[state.screen]
  const own = state.tables[id]
  const chosen = region.lines.filter((line) => line.selected === true || textOf(line).startsWith('>')).length
  const size = Number.parseInt(screenOf(state).filter.told(state).count, 10)
  const { selected, at, top, gone } = own
  const told = JSON.stringify({ id, size, selected, at, top, gone, height: region.height })
  // Of a window the rows in sight may still be on their way.
  const wanted = size > 0 || gone !== null ? [1] : [0]
  if (id === 'connections') wanted.push(0)
  if (region.height > 0 && !wanted.includes(chosen)) throw new Error(`${chosen} selected rows: ${told}`)
}

const textOf = (line: Region['lines'][number]): string => line.spans.map(({ text }) => text).join('')
const hasKeyMark = (line: Region['lines'][number]): boolean =>
  line.spans.some((span) => span.role === 'key' && span.text.startsWith('>'))

/**
 * From wherever one is, without touching `it`: Esc closes everything and never quits, menu and help open, and from another screen
 * the key for back leads back to the same place.
 */
export function waysHold(it: Screen): void {
  let state: State = it.state
  const press = (key: string): void => {
    const [next, ...effects] = update(state, { type: 'key', key })
    if (key === 'escape' && effects.some(({ type }) => type === 'quit')) throw new Error('Esc quits')
    state = next
  }
  const modeNow = (): State['mode']['type'] => state.mode.type
  for (let left = 6; left > 0 && modeNow() !== 'browse'; left -= 1) press('escape')
  for (let more = 0; more < 3; more += 1) press('escape')
  if (modeNow() !== 'browse') throw new Error(`Esc does not close ${modeNow()}`)
  for (const [key, mode] of [
    ['x', 'menu'],
    ['?', 'help'],
  ] as const) {
    press(key)
    if (modeNow() !== mode) throw new Error(`${key} opens ${modeNow()}`)
    press('escape')
    if (modeNow() !== 'browse') throw new Error(`Esc leaves ${mode} open`)
  }
  const here = whereIs(state)
  const { screen } = state
  if (here === null) return
  for (const { id, key } of screens) {
    // The rules of a selected thing are a place of their own.
    if (id === screen || id === 'rules' || screen === 'rules') continue
    press(key)
    if (state.screen !== id) throw new Error(`${key} leads to ${state.screen}`)
    press(state.options.keys === undefined ? 'backspace' : 'M-left')
    const back = whereIs(state)
    if (back !== here) throw new Error(`from ${id} back to ${back}, not ${here}`)
  }
}

/** null: where nothing leads back to, because what is selected is gone, or nothing is. */
function whereIs(state: State): string | null {
  const place = placeOf(state)
  if (place === null || place.screen === 'rules') return null
  if (place.screen === 'topology') {
    const { ghost } = state.topology
    return ghost?.row === place.selection.row ? null : JSON.stringify(place)
  }
  const { selected } = place.place
  const isHere = selected !== null && selected !== '' && state.tables[place.table].gone === null
  return isHere ? `${place.table} ${selected}` : null
}
