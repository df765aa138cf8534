import { errorText } from '../../derive/probe/error-text.ts'
import { pingVerdict } from '../../derive/probe/ping-verdict.ts'
import { msText } from '../../lib/ms-text.ts'
import type { PingResult } from '../../model/probe-result.ts'
import { clean } from '../clean.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; its lines were printed as they came. */
export function pingText(result: PingResult, style: Style): readonly string[] {
  const { ok, netns, target, address, rttMs, errors, source, mtu } = result
  const to = target === address ? clean(address) : `${clean(target)} (${clean(address)})`
  const { says } = pingVerdict(result)
  return [
    `${style.paint('bold', `${clean(netns.name)} > ${to}`)}: ${style.paint(ok ? 'green' : 'red', clean(says))}`,
    ...(rttMs === null || mtu !== undefined ? [] : [`  ${timesText(rttMs)}`]),
    ...errors.map(({ count, ...error }) => `  ${count} × ${clean(errorText(error, { source }))}`),
  ]
}

function timesText({ min, avg, max, mdev }: NonNullable<PingResult['rttMs']>): string {
  return `min ${msText(min)}  avg ${msText(avg)}  max ${msText(max)}  mdev ${msText(mdev)}`
}
