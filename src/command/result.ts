/** What a command came to. `data` is the JSON that is printed; text is made from it, or from what stands beside it. */
import type { Failure } from '../lib/failure.ts'
import type { Found } from '../model/found.ts'
import type { ChangeResult, CleanupResult, JournalChange } from '../model/change-result.ts'
import type { RouteAnswer } from '../derive/route-answer.ts'
import type { NetnsId } from '../model/ids.ts'
import type { Netns } from '../model/netns.ts'
import type { Place } from '../model/probe.ts'
import type { ProbeResult } from '../model/probe-result.ts'
import type { Gap, World } from '../model/world.ts'
import type { Source } from '../source.ts'
import type { AboutShape, ThemeFacts, ThemeShape } from './program.ts'
import type { ExampleShape } from './example.ts'
import type { NetworkFileShape } from './net-export.ts'
import type { LabNetworkShape, LabNodeShape, UnreadLabShape } from './lab-shapes.ts'
import type { PortsShape } from './ports-shapes.ts'
import type { NatShape } from './rules-shapes.ts'
import type { ContainerShape, NetworkShape, UnreadEngineShape } from './container-shapes.ts'
import type {
  ConnectionShape,
  ConntrackTableShape,
  DropsShape,
  FindingShape,
  LinkShape,
  NetnsRefShape,
  NetnsShape,
  ShowShape,
  SnapshotShape,
  UncheckedShape,
  UnreadConnectionsShape,
  UnreadLinksShape,
} from './shapes.ts'

export type RouteShape = RouteAnswer & {
  readonly netns: NetnsRefShape
  /** As `ip rule` and `ip route` would print them. */
  readonly ruleText: string | null
  readonly routeText: string | null
}

type Answers =
  | {
      readonly kind: 'show'
      readonly data: ShowShape
      /** Set when one namespace was asked for. */
      readonly only: Netns | null
      /** What it was made of: the tree for people shows other things of it. */
      readonly world: World
    }
  | { readonly kind: 'netns-list'; readonly data: readonly NetnsShape[] }
  | { readonly kind: 'link-list'; readonly data: readonly (LinkShape | UnreadLinksShape)[] }
  | { readonly kind: 'findings'; readonly data: readonly (FindingShape | UncheckedShape)[] }
  | { readonly kind: 'container-list'; readonly data: readonly (ContainerShape | UnreadEngineShape)[] }
  | { readonly kind: 'network-list'; readonly data: readonly (NetworkShape | UnreadEngineShape)[] }
  | { readonly kind: 'found'; readonly data: readonly Found[] }
  | { readonly kind: 'route'; readonly data: RouteShape }
  | {
      readonly kind: 'conntrack'
      readonly data: readonly (ConnectionShape | UnreadConnectionsShape)[]
      readonly table: ConntrackTableShape
      /** Only some of them were asked for. */
      readonly filtered: boolean
    }
  | { readonly kind: 'drops'; readonly data: DropsShape }
  | { readonly kind: 'ports'; readonly data: PortsShape }
  | {
      readonly kind: 'nat'
      readonly data: NatShape
      /** What it was made of: text for people shows rules in short as well. */
      readonly world: World
      readonly id: NetnsId
    }
  | { readonly kind: 'snapshot'; readonly data: SnapshotShape }
  /** The World itself, for standard output. */
  | { readonly kind: 'world'; readonly data: World }
  | { readonly kind: 'about'; readonly data: AboutShape }
  | {
      readonly kind: 'themes'
      readonly data: readonly ThemeShape[]
      readonly themes: readonly ThemeFacts[]
      /** Why the screen opens with none of them. */
      readonly trouble: Failure | null
    }
  | { readonly kind: 'probe'; readonly data: ProbeResult }
  | {
      readonly kind: 'change'
      /** Several things asked for with one command (`net rm a b`) are a change each. */
      readonly data: ChangeResult | readonly ChangeResult[]
      /** --dry-run: what is printed for people. */
      readonly script: string | null
    }
  | { readonly kind: 'cleanup'; readonly data: CleanupResult; readonly script: string | null }
  | { readonly kind: 'journal'; readonly data: readonly JournalChange[] }
  | { readonly kind: 'confirmed'; readonly data: JournalChange }
  | { readonly kind: 'lab-network'; readonly data: LabNetworkShape }
  | { readonly kind: 'lab-nodes'; readonly data: readonly (LabNodeShape | UnreadLabShape)[] }
  | { readonly kind: 'examples'; readonly data: readonly ExampleShape[] }
  | { readonly kind: 'network-file'; readonly data: NetworkFileShape }
  /** As it is, for another program. */
  | { readonly kind: 'text'; readonly data: { readonly text: string } }

/** Take the terminal over with this. */
export type ScreenRequest = {
  readonly kind: 'screen'
  readonly source: Source
  readonly theme: string | undefined
  readonly ascii: boolean
  readonly mouse: boolean
  readonly readonly: boolean
}

/** Become this program, inside a namespace: its exit code, signals and terminal are the program's own. */
export type BecomeRequest = {
  readonly kind: 'become'
  readonly place: Place
  readonly argv: readonly string[]
}

export type Answered = Answers & {
  /** `no`: done, and the answer is no. `unknown`: what decides could not be read. `failed`: the host refused a step of it. */
  readonly answer: 'yes' | 'no' | 'unknown' | 'failed'
  /** What could not be read of the World that was looked at. */
  readonly gaps: readonly Gap[]
}

export type Result = Answered | ScreenRequest | BecomeRequest
