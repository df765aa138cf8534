import { tcpVerdict } from '../../derive/probe/tcp-verdict.ts'
import type { TcpResult } from '../../model/probe-result.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; its lines were printed as they came. */
export function tcpText(result: TcpResult, _style: Style): readonly string[] {
  return [tcpVerdict(result).says]
}
