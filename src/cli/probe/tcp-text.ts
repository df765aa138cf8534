import { tcpVerdict } from '../../derive/probe/tcp-verdict.ts'
import type { TcpResult } from '../../model/probe-result.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; a line for each port was printed as it came. */
export function tcpText(result: TcpResult, style: Style): readonly string[] {
  const { ok, says } = tcpVerdict(result)
  const to = result.target === result.address ? result.address : `${result.target} (${result.address})`
  if (result.ports.length === 1) return []
  return [`${to}: ${style.paint(ok === true ? 'green' : 'yellow', says)}`]
}
