import { msText } from '../../lib/ms-text.ts'
import type { TracerouteResult } from '../../model/probe-result.ts'
import { errorText } from './error-text.ts'

type Hop = TracerouteResult['hops'][number]
type HopAnswer = Hop['answers'][number]

/** `target`: the address that it goes to. ` 3  10.2.0.1 (r2)  0.05 ms  0.04 ms  *  10.2.9.1  0.06 ms  network unreachable`. */
export function hopText({ hop, answers, tooBig }: Hop, target: string): string {
  const told = answers.flatMap((answer, at) => {
    const { from, name, ms, icmp } = answer
    if (from === null) {
      const text = icmp === null ? '*' : errorText(icmp)
      return icmp !== null && answers[at - 1]?.icmp?.says === icmp.says ? [] : [text]
    }
    const before = answers.slice(0, at).findLast((each) => each.from !== null)
    const who = before?.from === from ? [] : [whoText({ from, name })]
    const remark = icmp === null || isUsual(icmp, target) ? [] : [icmp.says]
    return [...who, ...(ms === null ? [] : [msText(ms)]), ...remark].join('  ')
  })
  const limit =
    tooBig?.mtu === undefined || tooBig.from === null
      ? []
      : [`${whoText({ from: tooBig.from, name: tooBig.name })} passes at most ${tooBig.mtu} bytes`]
  return [`${hop}`.padStart(2), ...told, ...limit].join('  ')
}

/** What a hop that is passed says, and what the target says of a port that nobody listens on. */
function isUsual({ says, from }: NonNullable<HopAnswer['icmp']>, target: string): boolean {
  return /^(time to live|hop limit) exceeded$/.test(says) || (says === 'port unreachable' && from === target)
}

/** `10.2.0.1 (r2)`. */
export function whoText({ from, name }: { readonly from: string; readonly name: string | null }): string {
  return name === null ? from : `${from} (${name})`
}
