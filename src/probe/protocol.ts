/** What the program and its helper process say to each other, over the channel that Node makes between them. */
import type { Failure } from '../lib/failure.ts'
import type { ProbeEvent, ProbeOrder, ProbeRequest } from '../model/probe.ts'
import type { ProbeResult } from '../model/probe-result.ts'

export type ToProber =
  | { readonly type: 'run'; readonly id: number; readonly request: ProbeRequest }
  | { readonly type: 'order'; readonly id: number; readonly order: ProbeOrder }
  /** Ends one: what it came to until then is still told. */
  | { readonly type: 'stop'; readonly id: number }
  /** So many events of it were taken: a helper that is far ahead waits. */
  | { readonly type: 'taken'; readonly id: number; readonly events: number }

export type FromProber =
  /** Once, when it can be asked. */
  | { readonly type: 'ready' }
  | { readonly type: 'events'; readonly id: number; readonly events: readonly ProbeEvent[] }
  | { readonly type: 'ended'; readonly id: number; readonly result: ProbeResult }
  | { readonly type: 'failed'; readonly id: number; readonly failure: Failure }
