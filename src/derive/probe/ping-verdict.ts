import { msText } from '../../lib/ms-text.ts'
import type { PingResult, Verdict } from '../../model/probe-result.ts'
import { errorText } from './error-text.ts'
import { isMtuBlackHole, isTooBig } from './mtu-black-hole.ts'

export function pingVerdict(result: PingResult): Verdict {
  const { ok, mtu } = result
  return { ok, says: mtu === undefined ? answersText(result) : mtuText(result, mtu) }
}

function answersText(result: PingResult): string {
  const { transmitted, received, duplicates, rttMs } = result
  if (received === 0) return nothingText(result)
  const time = rttMs === null ? '' : `, ${msText(rttMs.avg)}`
  const lost = lostPercent(result)
  const loss = lost === 0 ? '' : ` (${lost} % lost)`
  const more = duplicates === 0 ? '' : `, ${duplicates} duplicate${duplicates === 1 ? '' : 's'}`
  return `${received} of ${transmitted} answered${loss}${time}${more}`
}

/** What happened most often is why. */
function nothingText({ transmitted, errors, source }: PingResult): string {
  const [main] = [...errors].sort((a, b) => b.count - a.count)
  if (main !== undefined) return errorText(main, { source })
  return transmitted === 0 ? 'nothing was sent' : `no answer to ${transmitted}`
}

/** Of what was sent; a whole number that is 0 and 100 only where it is so. */
export function lostPercent({ transmitted, received }: Pick<PingResult, 'transmitted' | 'received'>): number {
  if (transmitted === 0) return 0
  const lost = Math.max(0, 1 - received / transmitted) * 100
  return lost === 0 || lost === 100 ? lost : Math.min(99, Math.max(1, Math.round(lost)))
}

function mtuText(result: PingResult, { passes, linkMtu, stopped }: NonNullable<PingResult['mtu']>): string {
  if (passes === null) return `nothing passes: ${nothingText(result)}`
  if (stopped === true) return `${passes} bytes pass; larger ones were not tried any more`
  if (isMtuBlackHole(result)) {
    const link = linkMtu === null ? '' : ` (the link has MTU ${linkMtu})`
    return `${passes} bytes pass, larger ones vanish and nobody says so${link}: an MTU black hole`
  }
  if (passes === linkMtu) return `${passes} bytes pass, as much as the link takes`
  const who = result.errors.find((error) => isTooBig(error) && (error.mtu ?? passes) === passes)
  return who === undefined
    ? `${passes} bytes pass`
    : `${passes} bytes pass; ${errorText(who, { source: result.source })}`
}
