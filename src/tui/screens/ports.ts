/** Screen 4: which ports lead where, who listens, which connections there are. */
import { tablePage } from '../table/table-page.ts'
import { tableScreen } from '../table/table-screen.ts'
import { listeningTable } from '../tables/listening.ts'
import { publishedTable } from '../tables/published.ts'

export const portsScreen = tableScreen('ports', [tablePage(publishedTable), tablePage(listeningTable)])
