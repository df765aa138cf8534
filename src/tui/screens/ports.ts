/** Screen 4: which ports lead where, who listens, which connections there are. */
import { netnsSelected } from '../select/connections.ts'
import { tablePage } from '../table/table-page.ts'
import { tableScreen } from '../table/table-screen.ts'
import { connectionsTable } from '../tables/connections.ts'
import { listeningTable } from '../tables/listening.ts'
import { publishedTable } from '../tables/published.ts'
import { canTurnNetns, netnsTurned } from '../update/connections-netns.ts'
import { connectionsPlaced } from '../update/connections-place.ts'
import { portsPlaced } from '../update/ports-place.ts'

const published = tablePage(publishedTable)
const listening = tablePage(listeningTable)
const connections = tablePage(connectionsTable)
const tables = tableScreen('ports', [
  { ...published, placed: portsPlaced('published', published.placed) },
  { ...listening, placed: portsPlaced('listening', listening.placed) },
  { ...connections, placed: connectionsPlaced(connections.placed) },
])

/** Coming back, it is about the namespace again that it was about. */
export const portsScreen: typeof tables = {
  ...tables,
  netns: { can: canTurnNetns, run: netnsTurned },
  went: (state, place) => {
    const there = tables.went(state, place)
    if (place.screen !== 'ports' || place.netns === undefined) return there
    return { ...there, connectionsOf: { netns: place.netns, beside: netnsSelected(there) } }
  },
}
