/** The JSON of `ls containers` and `ls networks` (docs/json.md). */
import type { Container, EngineNetwork, EnginePort } from '../model/engine.ts'
import type { Known, Unknown } from '../model/known.ts'
import type { LinkRefShape, NetnsRefShape } from './shapes.ts'

/** Stands for everything of an engine that could not be asked; `engine` null: of all of them. */
export type UnreadEngineShape = Unknown & { readonly engine: string | null; readonly endpoint: string | null }

export type ContainerShape = {
  readonly engine: string
  readonly endpoint: string
  readonly id: string
  readonly name: string
  readonly image: string
  readonly state: string
  readonly pid: number | null
  /** NetworkMode as the engine says. */
  readonly mode: string
  readonly modeKind: Container['modeKind']
  /** The name of the pod that it is in; absent: in none. */
  readonly pod?: string | undefined
  /** The name of the container whose namespace this one joined, or its id where there is none of that id. */
  readonly joins: string | null
  readonly netns: Known<NetnsRefShape | null>
  readonly networks: readonly {
    readonly name: string
    readonly id: string
    readonly link: Known<LinkRefShape | null>
    readonly mac: string | null
    readonly ipv4: string | null
    readonly ipv6: string | null
    readonly gateway: string | null
    readonly aliases: readonly string[]
  }[]
  readonly ports: readonly EnginePort[]
  readonly labels: Container['labels']
  /** What the engine itself says is wrong. */
  readonly error: string | null
}

export type NetworkShape = Omit<EngineNetwork, 'members'> & {
  readonly engine: string
  readonly endpoint: string
  /** The namespace that its bridge is in. */
  readonly netns: NetnsRefShape | null
  readonly members: readonly {
    readonly containerId: string
    readonly name: string
    readonly ipv4: string | null
    readonly ipv6: string | null
    readonly aliases: readonly string[]
  }[]
}
