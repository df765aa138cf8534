/** A port of a host that leads to a process elsewhere, and what there is to say of both its ends. */
import type { NetnsId } from './ids.ts'
import type { Known } from './known.ts'
import type { RuleRef } from './rule-ref.ts'

export type Listener = { readonly address: string; readonly port: number }

/**
 * Whether what arrives is taken: `loopback`: only 127.0.0.1 listens, which what comes from outside never reaches;
 * `elsewhere`: only on another address.
 */
export type Serves = 'yes' | 'loopback' | 'elsewhere' | 'no' | 'unknown'

export type PublishedPort = {
  /** Whose port it is. */
  readonly netns: NetnsId
  /** `0.0.0.0` and `::` stand for every address. */
  readonly hostIp: string
  readonly hostPort: number
  /** Of a rule for a range of ports, the last; else hostPort. */
  readonly lastPort: number
  readonly protocol: string
  readonly family: 'ip' | 'ip6'
  /** `engine`: the engine says so, and nothing was seen that does it. */
  readonly via: 'dnat' | 'proxy' | 'ipvs' | 'rootless' | 'engine'
  readonly rule: RuleRef | null
  /** A process that listens on the host's port too (docker-proxy beside the DNAT), or that does it all. */
  readonly process: { readonly pid: number; readonly name: string } | null
  readonly target: {
    /** The container's name. */
    readonly container: string | null
    readonly netns: NetnsId | null
    readonly address: string | null
    readonly port: number
  }
  readonly listening: Known<readonly Listener[]>
  readonly serves: Serves
}

/** Before the far end was looked at. */
export type Publication = Omit<PublishedPort, 'listening' | 'serves' | 'target'> & {
  readonly to: {
    readonly address: string | null
    readonly port: number
    /** Set where it is known by other means than the address. */
    readonly container?: { readonly name: string | null; readonly netns: NetnsId | null }
    /** `port` is the host's: which one it is there was not told. */
    readonly isPortUnknown?: true
  }
}

/** What a rule for addresses of that family listens on where it names none. */
export const everyAddress = { ip: '0.0.0.0', ip6: '::' } as const
