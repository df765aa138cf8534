/** A table of ours replaced in one transaction. */
import { labMark } from '../../model/lab-words.ts'
import type { Command, Step } from '../../model/plan.ts'
import type { Spot } from '../at.ts'
import type { RuleFamily } from './reach.ts'
import type { TableText } from './table-text.ts'

/** null: it stays as it is. */
export function tableStep(spot: Spot, family: RuleFamily, before: TableText, after: TableText): Step | null {
  if (before.text === after.text) return null
  const name = `nft table ${family} ${labMark}`
  const fact = (table: TableText) =>
    ({ kind: 'nft-table', at: spot.at, family, name: labMark, rules: table.rules }) as const
  return {
    title: after.text === null ? `delete ${name}` : before.text === null ? `make ${name}` : `replace ${name}`,
    command: load(spot, family, after),
    undo: [load(spot, family, before)],
    after: [fact(after)],
    before: [fact(before)],
    touches: [
      {
        path: [spot.at, `nft:${family} ${labMark}`],
        how: before.text === null ? 'add' : after.text === null ? 'delete' : 'change',
      },
    ],
  }
}

/** The empty table before its deletion is there so that the deletion never fails. */
function load(spot: Spot, family: RuleFamily, { text }: TableText): Command {
  const gone = `table ${family} ${labMark} {}\ndelete table ${family} ${labMark}\n`
  return spot.inside(['nft', '-f', '-'], { input: `${gone}${text ?? ''}` })
}
