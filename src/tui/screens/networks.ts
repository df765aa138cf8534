/** Screen 5: the networks that engines made, lab's own, and who is on them. */
import { tablePage } from '../table/table-page.ts'
import { tableScreen } from '../table/table-screen.ts'
import { membersTable } from '../tables/members.ts'
import { networksTable } from '../tables/networks.ts'

export const networksScreen = tableScreen('networks', [tablePage(networksTable), tablePage(membersTable)])
