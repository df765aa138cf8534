/** Screen 2: every network namespace, with what is inside it. */
import { tablePage } from '../table/table-page.ts'
import { tableScreen } from '../table/table-screen.ts'
import { namespacesTable } from '../tables/namespaces.ts'

export const namespacesScreen = tableScreen('namespaces', [tablePage(namespacesTable)])
