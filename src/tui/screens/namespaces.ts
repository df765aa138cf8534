/** Screen 2: every network namespace, with what is inside it. */
import type { State } from '../state.ts'
import { tablePage } from '../table/table-page.ts'
import { tableScreen } from '../table/table-screen.ts'
import { namespacesTable } from '../tables/namespaces.ts'
import { canBeginGrowth, growthBegun, lookedAt } from '../update/namespace-looks.ts'
import type { Screen } from './screen.ts'

const table = tableScreen('namespaces', [tablePage(namespacesTable)])

export const namespacesScreen: Screen & Pick<typeof table, 'pages'> = {
  ...table,
  growth: { can: canBeginGrowth, run: growthBegun },
  placed: (before, state) => {
    const placed: State = table.placed(before, state)
    return lookedAt(placed, table.about(placed)?.netns ?? null)
  },
}
