/** How one kind of engine is asked for what all of them can do. Pure: what is asked, not the asking. */
import type { EngineConnection } from '../../model/intent.ts'

/** Everything that makes a network what it is: of an intent, or of one that is there, so that the same can be made again. */
export type NetworkWish = {
  readonly name: string
  readonly driver: string
  readonly subnets: readonly {
    readonly subnet: string
    readonly gateway: string | null
    readonly ipRange: string | null
    readonly auxAddresses: Readonly<Record<string, string>>
  }[]
  /** false: without IPv4, where the engine has such networks. */
  readonly ipv4?: boolean
  readonly ipv6: boolean
  readonly internal: boolean
  readonly attachable: boolean
  readonly ingress: boolean
  readonly ipam: { readonly driver: string; readonly options: Readonly<Record<string, string>> }
  readonly configOnly: boolean
  readonly configFrom: string | null
  readonly options: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  /** Of an engine that has them beside the options: the name of the bridge or parent, and whether names are resolved. */
  readonly link?: string | null
  readonly dns?: boolean
  readonly dnsServers?: readonly string[]
  readonly routes?: readonly {
    readonly destination: string
    readonly gateway: string
    readonly metric: number | null
  }[]
}

/** `body`: JSON. Paths begin with `/` and hold names percent-encoded. */
export type Asked = {
  readonly method: 'POST' | 'DELETE'
  readonly path: string
  readonly body: unknown
}

export type Dialect = {
  /** What of a wish the engine does not have, each by its name and what helps; empty: all of it can be asked for. */
  readonly whyNotCreate: (wish: NetworkWish, version: string | null) => readonly string[]
  readonly whyNotConnect: (connection: EngineConnection, version: string | null) => readonly string[]
  /** Whether a container can be connected with a MAC address of one's choice. */
  readonly takesMac: (version: string | null) => boolean
  /** Whether a container that does not run keeps its network from being removed. */
  readonly heldByStopped: boolean
  readonly create: (wish: NetworkWish) => Asked
  readonly remove: (name: string) => Asked
  readonly connect: (container: string, connection: EngineConnection) => Asked
  readonly disconnect: (container: string, network: string, force: boolean) => Asked
}
