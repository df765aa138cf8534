import { tracerouteVerdict } from '../../derive/probe/traceroute-verdict.ts'
import type { TracerouteResult } from '../../model/probe-result.ts'
import { clean } from '../clean.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; its lines were printed as they came. */
export function tracerouteText(result: TracerouteResult, style: Style): readonly string[] {
  const { ok, netns, target, address } = result
  const to = target === address ? clean(address) : `${clean(target)} (${clean(address)})`
  const says = style.paint(ok ? 'green' : 'red', clean(tracerouteVerdict(result).says))
  return [`${style.paint('bold', `${clean(netns.name)} > ${to}`)}: ${says}`]
}
