/** Why a table of the log has no row: filtered away, nothing yet, or nothing that could be. */
import { hourMinute } from '../../select/clock.ts'
import { polledBecause } from '../../select/polled.ts'
import { shown } from '../../select/shown.ts'
import type { State } from '../../state.ts'

const what = {
  log: 'nothing has happened',
  changes: 'nothing has changed',
  commands: 'no tool was run',
  events: 'no event came',
} as const

const things = { log: 'entries', changes: 'changes', commands: 'commands', events: 'events' } as const

export function nothingLogged(state: State, page: keyof typeof what, filter: string): string {
  const { changes, log, since, status } = shown(state)
  if (filter.trim() !== '') return `no entry fits ${filter}`
  if (status.type === 'replay') {
    const other = changes.length + log.length > 0
    return other
      ? `no ${things[page]} in this recording; { and } show what else it holds`
      : `no ${things[page]} in this recording: only a screen that is open sees what happens, and saves it with S`
  }
  const blind = polledBecause(state)
  if (page === 'events' && blind !== null) return `this reader hears no events of the kernel: ${blind}`
  return since === null ? 'nothing is watched yet' : `${what[page]} since ${hourMinute(since)}`
}
