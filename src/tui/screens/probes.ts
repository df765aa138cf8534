/** Screen 6: what was sent from inside namespaces, and what came of it. */
import { tablePage } from '../table/table-page.ts'
import { tableScreen } from '../table/table-screen.ts'
import { probesTable } from '../tables/probes.ts'

export const probesScreen = tableScreen('probes', [tablePage(probesTable)])
