/** The JSON of `nat` (docs/json.md). */
import type { Unknown } from '../model/known.ts'
import type { Backend, NfFamily, NfTable, NftSet } from '../model/ruleset.ts'
import type { NetnsRefShape } from './shapes.ts'

export type RuleShape = {
  readonly number: number
  readonly handle: number | null
  /** As the tool prints it. */
  readonly text: string
  /** MASQUERADE, DNAT, ACCEPT … in every dialect, or the chain that it leads to; null: it only counts. */
  readonly target: string | null
  readonly packets: number | null
  readonly bytes: number | null
  readonly comment: string | null
  readonly words: string
}

export type ChainShape = {
  readonly name: string
  readonly type: string | null
  readonly hook: string | null
  readonly priority: number | null
  readonly policy: string | null
  readonly packets: number | null
  readonly bytes: number | null
  /** What a chain of that name is there for; null where it is not known. */
  readonly note: string | null
  readonly rules: readonly RuleShape[]
}

export type RulesTableShape = {
  readonly family: NfFamily
  readonly name: string
  readonly backend: Backend
  readonly chains: readonly ChainShape[]
  readonly sets: readonly NftSet[]
  readonly flowtables: NfTable['flowtables']
}

/** Stands for tables that are there and could not be read; null: all of them. */
export type UnreadTableShape = Unknown & {
  readonly backend: Backend | null
  readonly family: NfFamily | null
  readonly name: string | null
}

export type NatShape = {
  readonly netns: NetnsRefShape
  readonly tables: readonly (RulesTableShape | UnreadTableShape)[]
}
