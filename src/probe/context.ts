/** What a probe works with, inside the helper process. */
import type { Outcome } from '../lib/failure.ts'
import type { ProbeEvent, ProbeKind, ProbeOrder, RequestOf } from '../model/probe.ts'
import type { ResultOf } from '../model/probe-result.ts'
import type { Sockets } from './socket/sockets.ts'

export type ProbeContext = {
  /** Opens sockets inside namespaces; the failure says why that cannot be done here. */
  readonly sockets: () => Promise<Outcome<Sockets>>
  readonly emit: (event: ProbeEvent) => void
  /** True: so much was told that was not taken yet that it is better to wait (`drained`). */
  readonly isAhead: () => boolean
  readonly drained: () => Promise<void>
  /** It was asked to end: what it came to until then is its result. */
  readonly signal: AbortSignal
  /** What it is told while it runs. */
  readonly onOrder: (listener: (order: ProbeOrder) => void) => void
}

/** One kind of probe: everything that the outside refuses is a value. */
export type Runner<K extends ProbeKind> = (
  request: RequestOf<K>,
  context: ProbeContext,
) => Promise<Outcome<ResultOf<K>>>
