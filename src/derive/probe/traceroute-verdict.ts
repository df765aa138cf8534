import { msText } from '../../lib/ms-text.ts'
import type { TracerouteResult, Verdict } from '../../model/probe-result.ts'
import { errorText } from './error-text.ts'
import { whoText } from './hop-text.ts'

export function tracerouteVerdict(result: TracerouteResult): Verdict {
  const { ok, hops } = result
  const limits = hops.flatMap(({ tooBig }) => tooBig?.mtu ?? [])
  const limit = limits.length === 0 ? '' : `, at most ${Math.min(...limits)} bytes at once`
  return { ok, says: `${ok ? reachedText(result) : stoppedText(result)}${limit}` }
}

function reachedText({ hops }: TracerouteResult): string {
  const last = hops.at(-1)
  const times = last?.answers.flatMap(({ ms }) => ms ?? []) ?? []
  const time = times.length === 0 ? '' : `, ${msText(Math.min(...times))}`
  const count = last?.hop ?? 0
  return `reached in ${count} hop${count === 1 ? '' : 's'}${time}`
}

function stoppedText({ hops, source }: TracerouteResult): string {
  const last = hops.at(-1)
  if (last === undefined) return 'stopped before anything came back'
  const error = last.answers.find(({ icmp }) => icmp !== null && !isPassing(icmp.says))?.icmp
  if (error !== undefined && error !== null) {
    return `ends at hop ${last.hop}: ${errorText(error, { source })}`
  }
  const known = hops.findLast(({ answers }) => answers.some(({ from }) => from !== null))
  const who = known?.answers.find(({ from }) => from !== null)
  const to = `not reached in ${last.hop} hop${last.hop === 1 ? '' : 's'}`
  if (known === undefined || who === undefined || who.from === null) return `${to}: nobody answered`
  return `${to}: the last to answer was hop ${known.hop}, ${whoText({ from: who.from, name: who.name })}`
}

function isPassing(says: string): boolean {
  return says === 'time to live exceeded' || says === 'hop limit exceeded'
}
