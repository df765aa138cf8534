/** What `find` answers with; the JSON shape of cli.md. */
import type { NetnsId, NetnsRef } from './ids.ts'
import type { RuleRef } from './rule-ref.ts'

export type FoundLink = { readonly netns: NetnsRef; readonly ifindex: number; readonly name: string }
export type FoundPeer =
  | (FoundLink & { readonly addresses: readonly string[] })
  | { readonly unknown: string; readonly candidates: readonly FoundLink[] }

/** Points at the thing: the fields that are there say of which kind. */
export type FoundRef = {
  /** null: not known (a process whose netns could not be read). */
  readonly netns: NetnsId | null
  readonly ifindex?: number
  readonly name?: string
  readonly address?: string
  readonly pid?: number
  readonly nsid?: number
  readonly port?: number
  /** Its id. */
  readonly container?: string
  readonly rule?: RuleRef
  readonly route?: { readonly table: number; readonly dst: string }
}

export type FoundKind =
  | 'link'
  | 'altname'
  | 'alias'
  | 'mac'
  | 'address'
  | 'route'
  | 'neighbour'
  | 'fdb'
  | 'socket'
  | 'netns'
  | 'nsid'
  | 'process'
  | 'container'
  | 'network'
  | 'port'
  | 'rule'
  | 'chain'

export type Found = {
  /** The part of the text that was recognised. */
  readonly token: string
  readonly what: FoundKind
  /** Of a kernel log line: what this part is of the packet, `came in by`, `source`. */
  readonly role?: string
  /** In words, with what is worth knowing of it: `veth of host, port of docker0`. Outside text in it is raw. */
  readonly says: string
  readonly ref: FoundRef
  /** The namespace it belongs to; null where that is not known. */
  readonly owner: NetnsRef | null
  readonly peer?: FoundPeer
  readonly bridge?: FoundLink
  /** The container that it is, that it is in, or that the other end leads to. */
  readonly container?: { readonly engine: string; readonly id: string; readonly name: string }
  readonly publishedBy?: string
  /** It is not what was looked for: only its name is like that. */
  readonly near?: true
}
