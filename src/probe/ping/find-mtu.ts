/** Looks for the largest packet that passes unfragmented: what path MTU discovery would find, if everybody spoke. */
import { errorText } from '../../derive/probe/error-text.ts'
import { isMtuBlackHole } from '../../derive/probe/mtu-black-hole.ts'
import { succeeded, type Outcome } from '../../lib/failure.ts'
import { msText } from '../../lib/ms-text.ts'
import type { Tone } from '../../model/probe.ts'
import type { IcmpError, PingResult } from '../../model/probe-result.ts'
import type { Ping } from './send-echoes.ts'
import { headers, openSizeTrier, type Tried } from './try-sizes.ts'

/** The length field is 16 bits wide; in IPv6 it does not count the header. */
const largest = { 4: 65_535, 6: 65_575 } as const
/** Of payload, to see whether anything passes at all. */
const little = 8

export async function findMtu(ping: Ping): Promise<Outcome<PingResult>> {
  const { request, target, to, source, context } = ping
  const { signal } = context
  const opened = openSizeTrier(ping)
  if (!opened.ok) return opened
  const trier = opened.value
  const say = (text: string, tone: Tone): void => context.emit({ type: 'line', at: Date.now(), text, tone })
  const tell = (total: number, tried: Tried): void => {
    if (tried.passed) return say(`${total} bytes pass in ${msText(tried.ms)}`, 'good')
    const why = tried.why === null ? 'no answer' : errorText(tried.why.error, { source })
    say(`${total} bytes: ${why}`, tried.why?.what === 'too-big' ? 'plain' : 'bad')
  }
  /** What this kernel refused for another reason than its size. */
  let local: IcmpError | null = null
  let linkMtu: number | null = null
  let passes = 0
  let fails = largest[to.family] + 1
  try {
    const least = headers[to.family] + little
    const first = await trier.attempt(least)
    if (!signal.aborted) tell(least, first)
    if (first.passed) passes = least
    else if (first.why?.error.from === null) local = first.why.error
    let hint = fails - 1
    while (passes > 0 && fails - passes > 1 && !signal.aborted) {
      const size = nextSize(passes, fails, hint)
      const tried = await trier.attempt(size)
      if (signal.aborted) break
      if (tried.passed) passes = size
      else fails = size
      const error = tried.passed || tried.why?.what !== 'too-big' ? null : tried.why.error
      hint = error?.mtu ?? hint
      if (error === null || error.from !== null) tell(size, tried)
      else if (linkMtu === null && error.mtu !== undefined) {
        linkMtu = error.mtu
        say(`the link that it leaves by has MTU ${linkMtu}`, 'plain')
      }
    }
  } finally {
    trier.close()
  }
  const tally = trier.tally()
  const errors = local === null ? tally.errors : [...tally.errors, { ...local, count: 1 }]
  const stopped = passes > 0 && fails - passes > 1 ? ({ stopped: true } as const) : {}
  const mtu = { passes: passes === 0 ? null : passes, linkMtu, ...stopped }
  return succeeded({
    kind: 'ping',
    ok: mtu.passes !== null && !isMtuBlackHole({ mtu, errors }),
    netns: request.place.netns,
    target: target.text,
    address: target.address,
    source,
    ...tally,
    errors,
    mtu,
  })
}

/** What somebody said fits is tried first, then the next larger one; where nobody says anything, the middle. */
function nextSize(passes: number, fails: number, hint: number): number {
  if (hint > passes && hint < fails) return hint
  return hint === passes ? passes + 1 : Math.floor((passes + fails) / 2)
}
