/**
 * What is sent from inside a namespace: what is asked of the helper process, and what it tells while it works. What comes
 * of it is in probe-result.ts. Times are milliseconds; `at` is since the epoch.
 */
import type { CaptureRequest, CapturedPacket } from './capture.ts'
import type { NetnsId, NetnsRef } from './ids.ts'
import type { Holders } from './netns.ts'
import type { World } from './world.ts'

/** A namespace, and what led there when it was found; whoever opens it compares device and inode. */
export type Place = {
  readonly netns: NetnsRef
  readonly dev: number
  /** Best first. */
  readonly paths: readonly string[]
  readonly sockets: Holders['sockets']
  /**
   * A process in it whose user namespace is not the host's: who is not root gets in only as part of that one
   * (`nsenter -U`). null: the same user namespace, or no process.
   */
  readonly user: { readonly pid: number } | null
  /** Whose files tell a program in there how names are resolved; absent: the host's own. */
  readonly files?: PlaceFiles | undefined
}

/** `/etc/netns/NAME` of a named namespace; else a process whose mount namespace is not the host's. */
export type PlaceFiles =
  | { readonly folder: string }
  | { readonly pid: number; readonly mountNamespace: string }

/** Where it goes: what was typed, and the address that this means. */
export type Target = {
  /** As it was asked for: `redis123`, `www.example.org`, `192.0.2.1`. */
  readonly text: string
  readonly address: string
  readonly family: 4 | 6
  /** How the name became the address: `container redis123 on tomcat-net`, `gateway`; null: it was an address. */
  readonly from: string | null
}

/** A name that the World does not know: it is resolved where the probe starts, as a program there would. */
export type SoughtName = {
  readonly text: string
  /** null: either, IPv4 first. */
  readonly family: 4 | 6 | null
  readonly resolver: Resolver
}

/** What a probe is asked with; `probe/dns/found-target.ts` makes a Target of it. */
export type Sought = Target | SoughtName

/**
 * Whose counters are looked at before and after: a World of only these namespaces, their tables as they were read. What
 * grew is told when the probe failed.
 */
export type Watch = { readonly world: World; readonly netns: readonly NetnsId[] }

type Common = { readonly place: Place; readonly watch?: Watch | undefined }

export type PingRequest = Common & {
  readonly kind: 'ping'
  readonly target: Sought
  /** null: until it is stopped. */
  readonly count: number | null
  readonly intervalMs: number
  /** Bytes of payload behind the ICMP header. */
  readonly size: number
  readonly dontFragment: boolean
  readonly ttl: number | null
  /** Leaves by this link only (SO_BINDTODEVICE); null: as routes say. */
  readonly link: string | null
  /** How long an answer is waited for. */
  readonly timeoutMs: number
  /** Looks for the largest size that passes unfragmented, instead. */
  readonly findMtu: boolean
}

export type TcpRequest = Common & {
  readonly kind: 'tcp'
  readonly target: Sought
  readonly ports: readonly number[]
  readonly timeoutMs: number
  /** How long a server that speaks first is listened to; 0: not at all. */
  readonly bannerMs: number
}

export type UdpRequest = Common & {
  readonly kind: 'udp'
  readonly target: Sought
  readonly ports: readonly number[]
  readonly timeoutMs: number
  /** What is sent. */
  readonly payload: string
}

/** Listens inside, and tells who came. */
export type ListenRequest = Common & {
  readonly kind: 'listen'
  readonly protocol: 'tcp' | 'udp'
  /** `0.0.0.0`, `::` or an address of the namespace. */
  readonly address: string
  readonly port: number
  /** Ends after so many; null: until it is stopped. */
  readonly count: number | null
  readonly timeoutMs: number | null
  /** HTTP is answered, with who asked: address → whose it is. Absent: nothing is answered. */
  readonly answers?: Readonly<Record<string, string>>
}

/** How names are resolved there: the contents of its files. null: there is no such file. */
export type Resolver = {
  /** Where they were read: `/etc/netns/web`, `/proc/812/root/etc`. */
  readonly from: string
  readonly resolvConf: string | null
  readonly hosts: string | null
  /** The `hosts:` line of nsswitch.conf; null: files, then dns. */
  readonly nsswitch: string | null
  /** Why there is null above although there may be a file. */
  readonly unread?: { readonly resolvConf: string | null; readonly hosts: string | null }
}

export const dnsTypes = ['A', 'AAAA', 'PTR'] as const
export type DnsType = (typeof dnsTypes)[number]

export type DnsRequest = Common & {
  readonly kind: 'dns'
  readonly name: string
  /** null: A and AAAA, or PTR of an address. */
  readonly type: DnsType | null
  readonly resolver: Resolver
  /** Asked instead of those of the resolver. */
  readonly server: string | null
  readonly timeoutMs: number
}

export type HttpRequest = Common & {
  readonly kind: 'http'
  readonly url: string
  /** Addresses that were found for host names: container names and aliases. What is not here is resolved inside. */
  readonly known: Readonly<Record<string, Target>>
  readonly resolver: Resolver
  readonly timeoutMs: number
  readonly maxRedirects: number
  /** The body goes there; null: it is only counted. Absolute. */
  readonly file: string | null
  readonly headers: readonly string[]
  readonly head: boolean
  /** A certificate that cannot be trusted is told, and does not end it. */
  readonly insecure: boolean
}

export type TracerouteRequest = Common & {
  readonly kind: 'traceroute'
  readonly target: Sought
  readonly maxHops: number
  readonly probes: number
  readonly timeoutMs: number
  readonly method: 'udp' | 'icmp' | 'tcp'
  /** Of udp the first: each probe has one of its own. null: the usual one. */
  readonly port: number | null
  /** With packets as large as the link takes, smaller behind whoever says that they are too large. Not of tcp. */
  readonly mtu?: boolean | undefined
  /** What known addresses are called. */
  readonly names?: Readonly<Record<string, string>> | undefined
}

/** A tool of the host, run inside as it is: ping, wget, tcpdump when asked for by name. */
export type ToolRequest = Common & {
  readonly kind: 'tool'
  readonly argv: readonly string[]
  readonly timeoutMs: number | null
}

export type MatrixMember = { readonly name: string; readonly place: Place; readonly target: Target }

export type MatrixRequest = {
  readonly kind: 'matrix'
  /** Of the network: the host. */
  readonly place: Place
  readonly network: string
  readonly members: readonly MatrixMember[]
  readonly ping: boolean
  readonly ports: readonly number[]
  /** Of one cell. */
  readonly timeoutMs: number
}

export type ProbeRequest =
  | PingRequest
  | TcpRequest
  | UdpRequest
  | ListenRequest
  | DnsRequest
  | HttpRequest
  | TracerouteRequest
  | ToolRequest
  | CaptureRequest
  | MatrixRequest

export type ProbeKind = ProbeRequest['kind']
export type RequestOf<K extends ProbeKind> = Extract<ProbeRequest, { readonly kind: K }>

/** How a line of output is shown. */
export type Tone = 'plain' | 'good' | 'bad' | 'note'

/** What is told while it runs. Texts are sanitised where they come from outside. */
export type ProbeEvent =
  | { readonly type: 'line'; readonly at: number; readonly text: string; readonly tone: Tone }
  /** One answer's time, for the sparkline; null: lost. */
  | { readonly type: 'sample'; readonly ms: number | null }
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'packet'; readonly packet: CapturedPacket }
  /** Raw bytes for standard output: `capture -w -`. */
  | { readonly type: 'bytes'; readonly data: Uint8Array }
  /** What was asked for by an order was done, or why not. */
  | { readonly type: 'told'; readonly text: string; readonly ok: boolean }

/** What one that runs can be told. */
export type ProbeOrder =
  /** A capture's packets that are kept, into a new file. */
  { readonly type: 'save'; readonly file: string }
