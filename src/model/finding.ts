/** What is visibly wrong, as checks say it (derive/findings) and the worker sends it. */
import type { NetnsId } from './ids.ts'
import type { RuleRef } from './rule-ref.ts'

/** `fault`: something does not work now. `risk`: it will fail under a condition. `note`: unusual, and may be meant. */
export type Severity = 'fault' | 'risk' | 'note'

export type Finding = {
  /** As faults are numbered: `F01`. */
  readonly id: string
  readonly severity: Severity
  /** The link, bridge, container or rule it is about, by name. */
  readonly subject: string
  /** One sentence: what does not work, and why. Outside text in it is raw. */
  readonly says: string
  /** Facts that were read, each as the tools print them. */
  readonly evidence: readonly string[]
  /** Shows the same without this program. */
  readonly command: string
  readonly netns: NetnsId
  /** Where on the screen it is. */
  readonly ifindex: number | null
  /** The rule that it is about, where it is about one. */
  readonly rule?: RuleRef
}

/** A check that could not be made, and why. */
export type Unchecked = { readonly id: string; readonly netns: NetnsId; readonly unknown: string }

export type Findings = {
  /** Worst first. */
  readonly findings: readonly Finding[]
  readonly unchecked: readonly Unchecked[]
}
