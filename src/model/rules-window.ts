/** The part of a ruleset that is on the screen: made by the worker, because a ruleset is too large to cross to it whole. */
import type { NetnsId } from './ids.ts'
import type { Backend, NfFamily } from './ruleset.ts'

export type RulesFilter = {
  readonly backend?: Backend
  readonly family?: NfFamily
  readonly table?: string
  readonly chain?: string
  /** Only rules that hold all of these words: a flat list, nothing unfolded. */
  readonly text?: string
}

/** How a row stands to the rows below it; null: it leads to none. */
export type Unfolds = 'open' | 'folded' | 'empty' | 'loop' | 'missing' | 'deep'

export type RuleRowView = {
  /** Stays the same while the rule stands at its place. */
  readonly key: string
  readonly depth: number
  readonly kind: 'unread' | 'table' | 'chain' | 'rule' | 'element'
  /** A table's or chain's name; why it could not be read; '' for a rule. Outside text is raw in all of these. */
  readonly title: string
  /** Of a base chain: hook, priority and policy as one text. */
  readonly about: string
  readonly number: number | null
  /** MASQUERADE, DNAT, or the chain that it leads to. */
  readonly target: string | null
  readonly detail: string
  readonly note: string | null
  /** The rule in plain words. */
  readonly words: string
  /** As the tool printed it. */
  readonly text: string
  readonly packets: number | null
  readonly bytes: number | null
  readonly unfolds: Unfolds | null
  /** Whose address the rule sends to or speaks of: where Enter leads. */
  readonly owner: { readonly netns: NetnsId; readonly ifindex: number | null; readonly name: string } | null
}

export type RulesWindow = {
  readonly netns: NetnsId
  /** Rows in all, folded ones not counted. */
  readonly size: number
  readonly from: number
  readonly rows: readonly RuleRowView[]
  /** The rows that the first one stands below, outermost first. */
  readonly above: readonly { readonly at: number; readonly row: RuleRowView }[]
  /** What there is to choose from. */
  readonly tables: readonly { readonly backend: Backend; readonly family: NfFamily; readonly name: string }[]
  /** Where the rule stands that was to be located; null: it is not there. Absent where none was asked for. */
  readonly located?: { readonly at: number; readonly key: string } | null
  /** Milliseconds since the epoch. */
  readonly readAt: number
}
