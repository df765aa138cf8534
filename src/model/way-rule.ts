/** What the rules of a namespace do with a first packet on its way through, and how often they did. */
import type { NetnsId } from './ids.ts'
import type { RuleRef } from './rule-ref.ts'

export type Way = {
  readonly netns: NetnsId
  /** Names of the links by which it comes in and goes out. */
  readonly iif: string
  readonly oif: string
  /** null: not known. */
  readonly source: string | null
}

export type WayRule = {
  readonly hook: 'forward' | 'postrouting'
  /** `number` 0: the policy of the chain. */
  readonly rule: RuleRef
  /** ACCEPT, DROP, MASQUERADE … */
  readonly does: string
  /** It depends on what is not known of the packet, so another one may decide. */
  readonly maybe: boolean
  readonly packets: number | null
  readonly bytes: number | null
}

export type WayRules = {
  readonly way: Way
  readonly rules: readonly WayRule[] | { readonly unknown: string }
}
