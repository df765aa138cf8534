/** The keys as a table in Markdown, for the README; a test holds the two together. */
import { actionOf, type ActionGroup } from './actions.ts'
import { groupTitles, keysIn, namesIn } from './view/help.ts'

export function keyTable(): string {
  const groups = Object.keys(groupTitles) as readonly ActionGroup[]
  const rows = groups.flatMap((group) =>
    namesIn(group).map((name) => {
      const keys = keysIn(name, 'topology').map((key) => `\`${key}\``)
      return `| ${keys.join(' ')} | ${actionOf(name).title.replaceAll('|', '\\|')} |`
    }),
  )
  return ['| key | does |', '|---|---|', ...rows, ''].join('\n')
}
