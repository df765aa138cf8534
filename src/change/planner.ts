/** What every planner gets and gives. Planners are pure: the same World and the same wish give the same plan. */
import type { Failure } from '../lib/failure.ts'
import { sanitise } from '../lib/sanitise.ts'
import type { Intent, IntentOf } from '../model/intent.ts'
import type { Plan, Step } from '../model/plan.ts'
import type { World } from '../model/world.ts'

/** Beside the World: what of the outside decides what a plan looks like. */
export type PlanContext = {
  /** `/run/vethscope/INODE` of the host's namespace: journal, lab files. */
  readonly folder: string
  /** The file of the host's namespace where that is not the one this program is in (--host); null: commands run as they are. */
  readonly hostPath: string | null
  /** Which of ip, bridge, nft, iptables, ip6tables, conntrack, sysctl, firewall-cmd, nsenter … are on this host. */
  readonly tools: ReadonlySet<string>
  /** ISO 8601, UTC. */
  readonly now: string
  /** What is in /etc/netns; absent: nobody looked, as if it were empty. */
  readonly etcNetns?: EtcNetns
  /** Which of the two `iptables` of this host is; absent: nobody looked, or its name does not tell. */
  readonly iptables?: 'iptables-nft' | 'iptables-legacy'
}

/** Name → file in its folder → text, null where that is none that can be read. null: the folder itself is not there. */
export type EtcNetns = ReadonlyMap<string, ReadonlyMap<string, string | null>> | null

/** Steps, or why not: every reason there is, each a sentence that names its subject. */
export type Planned<T = Plan> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusals: readonly Failure[] }

export type Drafted = {
  readonly title: string
  readonly steps: readonly Step[]
  readonly notes: readonly string[]
}

/** The World holds the dear parts and the rules of the host and of each namespace that the intent names, and `lab`. */
export type Planner<K extends Intent['kind']> = (
  world: World,
  intent: IntentOf<K>,
  context: PlanContext,
) => Planned<Drafted>

export function planned<T>(value: T): Planned<T> {
  return { ok: true, value }
}

export function refused(...refusals: readonly Failure[]): {
  readonly ok: false
  readonly refusals: readonly Failure[]
} {
  return { ok: false, refusals }
}

/** The usual refusal: `bridge lab0 exists already (ifindex 4)`. */
export function refusal(subject: string, what: string, hint?: string): Failure {
  return { kind: 'refused', what, subject, ...(hint === undefined ? {} : { hint }) }
}

/** What was asked for cannot be meant: exit code 2, as for a wrong option. */
export function misuse(subject: string, what: string, hint?: string): Failure {
  return { kind: 'usage', what, subject: sanitise(subject), ...(hint === undefined ? {} : { hint }) }
}
