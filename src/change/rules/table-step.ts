/** A table of ours replaced in one transaction. */
import { labMark } from '../../model/lab-words.ts'
import type { Command, Step } from '../../model/plan.ts'
import type { Spot } from '../at.ts'
import type { PlanContext } from '../planner.ts'
import { iptablesText } from './iptables-text.ts'
import type { RuleFamily } from './reach.ts'
import type { TableText } from './table-text.ts'

/** null: it stays as it is. */
export function tableStep(
  spot: Spot,
  family: RuleFamily,
  texts: { readonly before: TableText; readonly after: TableText },
  { tools }: Pick<PlanContext, 'tools'>,
): Step | null {
  const { before, after } = texts
  if (before.text === after.text) return null
  if (!tools.has('nft')) return chainsStep(spot, family, before, after)
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

/**
 * Of what somebody else left of it only what it says is known, not what it said before: nothing of that comes back, and undo leads to
 * the table as it should have been.
 */
export function tableAnew(
  spot: Spot,
  family: RuleFamily,
  {
    before,
    after,
    there,
  }: { readonly before: TableText; readonly after: TableText; readonly there: TableText['rules'] },
): Step {
  const name = `nft table ${family} ${labMark}`
  const isSame = before.text === after.text
  const fact = (rules: TableText['rules']) =>
    ({ kind: 'nft-table', at: spot.at, family, name: labMark, rules }) as const
  return {
    title: after.text === null ? `delete ${name}` : `write ${name} anew`,
    command: load(spot, family, after),
    undo: isSame
      ? { irreversible: 'what somebody else made of it is not kept' }
      : [load(spot, family, before)],
    after: [fact(after.rules)],
    // Undo does not lead back there.
    before: isSame ? [fact(there)] : [],
    touches: [
      { path: [spot.at, `nft:${family} ${labMark}`], how: after.text === null ? 'delete' : 'change' },
    ],
  }
}

/**
 * No facts: whether `iptables` is the one of nft or the legacy one shows only once it was run. Doing it twice is the same but for
 * the jumps, and taking it back says that it does not matter when one is gone.
 */
function chainsStep(spot: Spot, family: RuleFamily, before: TableText, after: TableText): Step {
  const tool = family === 'ip' ? 'iptables-restore' : 'ip6tables-restore'
  const set = (from: TableText, to: TableText): Command =>
    spot.inside([tool, '-w', '--noflush'], { input: iptablesText(from, to) })
  return {
    title: `${after.text === null ? 'delete' : before.text === null ? 'make' : 'replace'} chains VETHSCOPE-… (${tool})`,
    command: set(before, after),
    undo: [{ ...set(after, before), also: [1, 2] }],
    after: [],
    before: [],
    touches: [
      {
        path: [spot.at, `iptables:${family} ${labMark}`],
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
