/** Status, where the time went, redirects, the certificate, headers; of one that failed which step did. */
import type { HttpResult, HttpTiming } from '../../../model/probe-result.ts'
import type { Line } from '../../frame.ts'
import { msText } from '../../../lib/ms-text.ts'
import { fact, type Fact } from '../facts/fact.ts'
import { flowed } from '../facts/flow.ts'
import { bytes } from '../numbers.ts'
import { span } from '../text.ts'
import { errorText } from '../../../derive/probe/error-text.ts'
import { para } from './para.ts'

export function httpLines(result: HttpResult, columns: number): readonly Line[] {
  const { status, bytes: count, address, headers, redirects, tls, file, error, url } = result
  const facts: readonly Fact[] = [
    ...(status === null
      ? []
      : [fact('status', String(status), status < 400 ? 'link.up' : 'link.down'), fact('body', bytes(count))]),
    ...(address === null ? [] : [fact('from', address, 'address')]),
    ...(file === null ? [] : [fact('written to', file)]),
  ]
  return [
    ...redirects.flatMap((each) =>
      para([span(`${each.status} `, 'finding.risk'), span(`leads to ${each.url}`)], columns),
    ),
    ...para([span(url, 'dim')], columns),
    ...flowed(facts, columns, false),
    ...flowed(timingFacts(result.timing), columns, false),
    ...(error === undefined
      ? []
      : para(
          [
            span(`${error.what}: ${error.says}`, 'link.down'),
            span(error.icmp === undefined ? '' : `; ${errorText(error.icmp)}`, 'link.down'),
          ],
          columns,
        )),
    ...(tls === null ? [] : tlsLines(tls, columns)),
    ...headers.flatMap(({ name, value }) => para([span(`${name}: `, 'dim'), span(value)], columns)),
  ]
}

function timingFacts({ dns, connect, tls, firstByte, total }: HttpTiming): readonly Fact[] {
  const steps = { dns, connect, tls, 'first byte': firstByte, total }
  return Object.entries(steps).flatMap(([what, time]) => (time === null ? [] : [fact(what, msText(time))]))
}

function tlsLines(
  { protocol, problem, subject, issuer, validTo }: NonNullable<HttpResult['tls']>,
  columns: number,
): readonly Line[] {
  return flowed(
    [
      problem === null
        ? fact(protocol, 'trusted', 'link.up')
        : fact(protocol, `not trusted: ${problem}`, 'link.down'),
      fact('certificate of', subject),
      fact('by', issuer),
      fact('until', validTo),
    ],
    columns,
    false,
  )
}
