/** From a port that was found to its row on the Ports screen. */
import type { Found } from '../../model/found.ts'
import type { State } from '../state.ts'
import { withTable } from '../table/with-table.ts'
import { leaving } from './jump.ts'

/** null: it is no port. The rows may still have to be read, so what is looked for stands as their filter. */
export function openedAtPort(state: State, found: Found): State | null {
  const filter = filterFor(found)
  if (filter === null) return null
  const table = found.what === 'port' ? 'published' : 'listening'
  const there: State = { ...leaving(state), screen: 'ports', pages: { ...state.pages, ports: table } }
  return withTable(there, table, { filter, selected: null, at: 0, top: 0, gone: null, focus: 'rows' })
}

function filterFor({ what, ref, token }: Found): string | null {
  if (what === 'port' && ref.port !== undefined)
    return `:${ref.port}${ref.address === undefined ? '' : ` ${ref.address}`}`
  if (what !== 'socket') return null
  // Of a socket the port is in what was asked: `172.17.0.3:80`. It may wait on every address.
  const port = ref.port ?? /:(\d{1,5})(?:\/\w+)?$/.exec(token)?.[1]
  return port === undefined ? null : `:${port}${ref.pid === undefined ? '' : ` ${ref.pid}`}`
}
