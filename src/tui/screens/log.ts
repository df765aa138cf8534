/** Screen 7: what happened. */
import { tablePage } from '../table/table-page.ts'
import { tableScreen } from '../table/table-screen.ts'
import { logTables } from '../tables/log.ts'

export const logScreen = tableScreen('log', [
  tablePage(logTables.log),
  tablePage(logTables.changes),
  tablePage(logTables.commands),
  tablePage(logTables.events),
])
