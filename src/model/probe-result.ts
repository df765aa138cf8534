/** What probes come to, in the shapes that `--json` prints. Times are milliseconds; `at` is since the epoch. */
import type { CaptureResult } from './capture.ts'
import type { NetnsRef } from './ids.ts'
import type { ProbeKind } from './probe.ts'

/** A counter that grew while the probe ran. */
export type Growth = {
  readonly netns: NetnsRef
  readonly what: 'rule' | 'drops' | 'conntrack'
  /** `filter FORWARD 3 DROP`, `eth0 rx dropped`, `Ip.InNoRoutes`. */
  readonly name: string
  readonly by: number
  /** What it means, in a sentence. */
  readonly says: string
  /** Shows the same. */
  readonly command: string | null
}

export type IcmpError = {
  /** Who said so; null, as type and code: nobody, this kernel refused to send. */
  readonly from: string | null
  readonly type: number | null
  readonly code: number | null
  /** `host unreachable`, `administratively prohibited`, `fragmentation needed`. */
  readonly says: string
  /** Of "fragmentation needed" and "packet too big". */
  readonly mtu?: number
}

/** `grown` stands where the probe failed and counters were looked at. */
type Answered = { readonly ok: boolean; readonly netns: NetnsRef; readonly grown?: readonly Growth[] }

export type PingResult = Answered & {
  readonly kind: 'ping'
  readonly target: string
  readonly address: string
  /** The address it was sent from; null: none could be chosen. */
  readonly source?: string | null | undefined
  readonly transmitted: number
  readonly received: number
  /** Beside the first answers. */
  readonly duplicates: number
  readonly rttMs: {
    readonly min: number
    readonly avg: number
    readonly max: number
    readonly mdev: number
  } | null
  readonly errors: readonly (IcmpError & { readonly count: number })[]
  /**
   * The largest packet (with IP header) that passed, where it was looked for; null: none did. `linkMtu`: of the link that
   * it leaves by; null: that sets no limit. `stopped`: larger ones may pass, they were not tried any more.
   */
  readonly mtu?:
    | { readonly passes: number | null; readonly linkMtu: number | null; readonly stopped?: true }
    | undefined
}

export const tcpVerdicts = ['connected', 'refused', 'timeout', 'unreachable', 'prohibited', 'reset'] as const
export type TcpVerdict = (typeof tcpVerdicts)[number]

export type TcpPort = {
  readonly port: number
  readonly result: TcpVerdict
  readonly icmp: IcmpError | null
  /** The address it was sent from; null: none could be chosen. */
  readonly source: string | null
  readonly ms: number
  readonly banner?: string
  /** What the kernel said where no packet was sent: `Network is unreachable`. */
  readonly says?: string
}

export type TcpResult = Answered & {
  readonly kind: 'tcp'
  readonly target: string
  readonly address: string
  /** Of the first port. */
  readonly result: TcpVerdict
  readonly ports: readonly TcpPort[]
}

export const udpVerdicts = ['answered', 'closed', 'open-or-filtered', 'unreachable', 'prohibited'] as const
export type UdpVerdict = (typeof udpVerdicts)[number]

export type UdpResult = Answered & {
  readonly kind: 'udp'
  readonly target: string
  readonly address: string
  readonly result: UdpVerdict
  readonly ports: readonly {
    readonly port: number
    readonly result: UdpVerdict
    readonly icmp: IcmpError | null
    readonly source: string | null
    readonly ms: number
    /** The beginning of what came back. */
    readonly answer?: string
    readonly says?: string
  }[]
}

export type ListenResult = Answered & {
  readonly kind: 'listen'
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
  readonly came: readonly {
    readonly at: number
    readonly from: string
    readonly port: number
    /** The beginning of what it sent. */
    readonly says: string
  }[]
  /** How many more came, where `came` has only the first ones. */
  readonly more?: number
}

export type DnsStatus =
  | 'NOERROR'
  | 'NXDOMAIN'
  | 'SERVFAIL'
  | 'REFUSED'
  | 'FORMERR'
  | 'NOTIMP'
  | 'timeout'
  | 'unreachable'

export type DnsAnswer = {
  readonly name: string
  readonly type: string
  /** Seconds; null: from a file. */
  readonly ttl: number | null
  readonly value: string
}

export type DnsServer = {
  readonly address: string
  readonly status: DnsStatus
  readonly ms: number
  /** Which full name was asked, of the search list. */
  readonly asked: string
  readonly answers: readonly DnsAnswer[]
  /** Why there is no answer: `nothing listens there (connection refused)`. */
  readonly says?: string
}

export type DnsResult = Answered & {
  readonly kind: 'dns'
  readonly name: string
  readonly status: DnsStatus
  readonly from: 'hosts' | 'dns'
  readonly servers: readonly DnsServer[]
  readonly answers: readonly DnsAnswer[]
  /** Sentences about what is odd: `127.0.0.11 has no listener`, `no nameserver in resolv.conf`. */
  readonly remarks: readonly string[]
}

export type HttpTiming = {
  readonly dns: number | null
  readonly connect: number | null
  readonly tls: number | null
  readonly firstByte: number | null
  readonly total: number
}

export type HttpResult = Answered & {
  readonly kind: 'http'
  readonly url: string
  /** null: no answer came. */
  readonly status: number | null
  readonly bytes: number
  readonly ms: number
  readonly timing: HttpTiming
  readonly address: string | null
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly redirects: readonly { readonly status: number; readonly url: string }[]
  readonly tls: {
    readonly protocol: string
    /** null: trusted; else why not. */
    readonly problem: string | null
    readonly subject: string
    readonly issuer: string
    readonly validTo: string
  } | null
  readonly file: string | null
  readonly error?: {
    readonly what: TcpVerdict | 'dns' | 'tls' | 'http' | 'file'
    readonly says: string
    readonly icmp?: IcmpError
  }
  /** Sentences: why the body was not read to its end. */
  readonly remarks?: readonly string[]
}

export type TracerouteResult = Answered & {
  readonly kind: 'traceroute'
  readonly target: string
  readonly address: string
  /** The address it was sent from; null: none could be chosen. */
  readonly source?: string | null | undefined
  readonly hops: readonly {
    readonly hop: number
    /** Who passes only smaller packets on the way to this hop, and how large they may be. */
    readonly tooBig?: IcmpError & { readonly name: string | null }
    readonly answers: readonly {
      readonly from: string | null
      readonly name: string | null
      readonly ms: number | null
      readonly icmp: IcmpError | null
    }[]
  }[]
}

export type ToolResult = Answered & {
  readonly kind: 'tool'
  readonly command: readonly string[]
  readonly exitCode: number | null
  /** Why there is no exit code. */
  readonly problem: string | null
}

/** Of a matrix: `p` answered a ping in `ms`, or a port as `tcp` tells it. `self`: a member and itself, also tried. */
export type MatrixVerdict = TcpVerdict | 'answered' | 'lost' | 'cannot-enter'

export type MatrixResult = {
  readonly kind: 'matrix'
  readonly ok: boolean
  readonly network: string
  readonly members: readonly { readonly name: string; readonly address: string; readonly netns: NetnsRef }[]
  /** `ping`, or a port, in this order in each cell. */
  readonly tried: readonly (number | 'ping')[]
  /** Row: from; column: to; then as `tried`. null: not reached before it was stopped. */
  readonly cells: readonly (readonly (readonly (MatrixVerdict | null)[])[])[]
  /** As the cells; null: no time. */
  readonly ms: readonly (readonly (readonly (number | null)[])[])[]
  readonly seconds: number
  /** Sockets that were open at the same time, at most. */
  readonly mostSockets: number
}

export type ProbeResult =
  | PingResult
  | TcpResult
  | UdpResult
  | ListenResult
  | DnsResult
  | HttpResult
  | TracerouteResult
  | ToolResult
  | CaptureResult
  | MatrixResult

export type ResultOf<K extends ProbeKind> = Extract<ProbeResult, { readonly kind: K }>

/** In one line: what the list of probes and the end of a command tell. */
export type Verdict = {
  /** null: neither good nor bad (a capture, a listener). */
  readonly ok: boolean | null
  readonly says: string
}
