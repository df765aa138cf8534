/** From a port that was found to its row on the Ports screen. */
import type { Found } from '../../model/found.ts'
import type { State } from '../state.ts'
import { withTable } from '../table/with-table.ts'
import { leaving } from './jump.ts'

/** null: it is no port. The rows may still have to be read, so what is looked for stands as their filter. */
export function openedAtPort(state: State, { what, ref }: Found): State | null {
  if (ref.port === undefined || (what !== 'port' && what !== 'socket')) return null
  const table = what === 'port' ? 'published' : 'listening'
  const there: State = { ...leaving(state), screen: 'ports', pages: { ...state.pages, ports: table } }
  const filter = `:${ref.port}${ref.address === undefined ? '' : ` ${ref.address}`}`
  return withTable(there, table, { filter, selected: null, at: 0, top: 0, gone: null, focus: 'rows' })
}
