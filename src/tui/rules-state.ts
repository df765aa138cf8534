/** What the Rules screen knows beside the rows themselves, which come from whoever holds the rules. */
import type { NetnsId } from '../model/ids.ts'
import type { RuleRef } from '../model/rule-ref.ts'
import type { RulesFilter } from '../model/rules-window.ts'

/** A row's counters when counting its growth began. `text` tells when another rule stands at its place. */
export type RuleMark = {
  readonly text: string
  readonly packets: number | null
  readonly bytes: number | null
}

/** Where in which ruleset one is. */
export type RulesPlace = {
  /** null: the screen was not opened yet. */
  readonly netns: NetnsId | null
  readonly filter: RulesFilter
  /** Keys of rows that are folded. */
  readonly folded: readonly string[]
  /** The number of the selected row; the first visible one. */
  readonly at: number
  readonly top: number
  /** Of the selected row; '': that has not come yet; null: none was chosen yet. */
  readonly key: string | null
}

export type RulesState = RulesPlace & {
  readonly marks: ReadonlyMap<string, RuleMark>
  /** When counting growth began. */
  readonly marksSince: number
  /** The window whose rows have their marks. */
  readonly marked: object | null
  /** The rule that is to be selected once it is known where it stands; null: none. */
  readonly locate: RuleRef | null
  /** On the way to the next namespace that has rules, or the one before; null: not. */
  readonly turning: 1 | -1 | null
  /** What the arrows move: the rows, or what the selected one says in words. */
  readonly focus: 'rows' | 'words'
  /** The first visible line of those words. */
  readonly wordsTop: number
}

export const noRules: RulesState = {
  netns: null,
  filter: {},
  folded: [],
  at: 0,
  top: 0,
  key: null,
  marks: new Map(),
  marksSince: 0,
  marked: null,
  locate: null,
  turning: null,
  focus: 'rows',
  wordsTop: 0,
}

export function placeIn({ netns, filter, folded, at, top, key }: RulesPlace): RulesPlace {
  return { netns, filter, folded, at, top, key }
}
