/** What is told while a URL is asked for. */
import { endText } from '../../derive/probe/tcp-verdict.ts'
import { msText } from '../../lib/ms-text.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Target, Tone } from '../../model/probe.ts'
import type { HttpResult } from '../../model/probe-result.ts'
import type { ProbeContext } from '../context.ts'

export function tellLine({ emit }: ProbeContext, text: string, tone: Tone = 'plain'): void {
  emit({ type: 'line', at: Date.now(), text: sanitise(text), tone })
}

export function tellConnected(
  context: ProbeContext,
  { address, text, from }: Target,
  port: number,
  ms: number,
): void {
  const who = from === null ? '' : `${text} (${from}): `
  tellLine(context, `${who}connected to ${endText(address, port)} in ${msText(ms)}`)
}

export function tellTls(context: ProbeContext, tls: NonNullable<HttpResult['tls']>): void {
  const { protocol, subject, issuer, validTo, problem } = tls
  tellLine(context, `${protocol}, certificate of ${subject} by ${issuer}, valid to ${validTo}`)
  tellLine(
    context,
    problem === null ? 'the certificate is trusted' : `not trusted: ${problem}`,
    problem === null ? 'good' : 'bad',
  )
}
