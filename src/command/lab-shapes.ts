/** The JSON of `net inspect` and `node ls` (docs/json.md). */
import type { Known, Unknown } from '../model/known.ts'
import type { LabEndpoint, LabNetwork, LabPort } from '../model/lab.ts'
import type { NetworkShape } from './container-shapes.ts'
import type { NetnsRefShape } from './shapes.ts'

/** Stands for a lab that could not be read. */
export type UnreadLabShape = Unknown & { readonly engine: 'lab' }

/** As `ls networks` has it, and what vethscope wrote down of it; `lab` is null for another engine's. */
export type LabNetworkShape = NetworkShape & {
  readonly lab: LabNetwork | null
  /** Published ports of its members. */
  readonly ports: readonly (LabPort & { readonly node: string })[]
}

export type LabNodeShape = {
  readonly name: string
  readonly mode: 'bridge' | 'none' | 'host' | 'container'
  /** Mode container: whose namespace. */
  readonly of: string | null
  /** null: it is gone, though written down. */
  readonly netns: Known<NetnsRefShape | null>
  readonly networks: readonly LabEndpoint[]
  readonly ports: readonly LabPort[]
  readonly created: string
}
