import { httpVerdict } from '../../derive/probe/http-verdict.ts'
import { msText } from '../../lib/ms-text.ts'
import type { HttpResult } from '../../model/probe-result.ts'
import { clean } from '../clean.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; what the server said was printed as it came. */
export function httpText(result: HttpResult, style: Style): readonly string[] {
  const { ok, says } = httpVerdict(result)
  const { dns, connect, tls, firstByte, total } = result.timing
  const steps = [
    ['name', dns],
    ['connect', connect],
    ['TLS', tls],
    ['first byte', firstByte],
    ['all', total],
  ] as const
  const times = steps.flatMap(([what, ms]) => (ms === null ? [] : `${what} ${msText(ms)}`)).join(', ')
  return [
    `${clean(result.url)}: ${style.paint(ok === true ? 'green' : 'yellow', clean(says))}`,
    style.paint('dim', times),
  ]
}
