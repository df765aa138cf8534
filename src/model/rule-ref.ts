import type { NetnsId } from './ids.ts'
import type { Backend, NfFamily } from './ruleset.ts'

/** Where a rule stands; `number` counts from 1 in its chain, as the tools do. */
export type RuleRef = {
  readonly netns: NetnsId
  readonly backend: Backend
  readonly family: NfFamily
  readonly table: string
  readonly chain: string
  readonly number: number
}
