/** What a ping tells while it runs, a line for each thing that happened. */
import { errorText } from '../../derive/probe/error-text.ts'
import { msText } from '../../lib/ms-text.ts'
import type { ProbeEvent } from '../../model/probe.ts'
import type { IcmpError } from '../../model/probe-result.ts'
import type { EchoAnswer } from './echo-socket.ts'

type Line = Extract<ProbeEvent, { readonly type: 'line' }>

/** `expected`: the address that was asked; of another one the line says so. */
export function answerLine(
  { seq, from, bytes, ttl, at }: EchoAnswer,
  {
    ms,
    expected,
    isDuplicate,
  }: { readonly ms: number; readonly expected: string; readonly isDuplicate: boolean },
): Line {
  const hops = ttl === null ? '' : ` ttl ${ttl}`
  const remarks = [
    ...(isDuplicate ? ['duplicate'] : []),
    ...(from.address === expected ? [] : [`asked was ${expected}`]),
  ]
  const remark = remarks.length === 0 ? '' : ` (${remarks.join(', ')})`
  const text = `${bytes} bytes from ${from.address}: seq ${seq}${hops} time ${msText(ms)}${remark}`
  return { type: 'line', at, text, tone: isDuplicate ? 'plain' : 'good' }
}

export function errorLine(seq: number, error: IcmpError, source: string | null, at: number): Line {
  return { type: 'line', at, text: errorText(error, { which: `seq ${seq}`, source }), tone: 'bad' }
}

export function lostLine(seq: number, at: number): Line {
  return { type: 'line', at, text: `no answer to ${seq}`, tone: 'bad' }
}
