/** The way of packets, hop by hop: those that may not go further are told of by whoever has them then (traceroute(8)). */
import { isTooBig } from '../../derive/probe/mtu-black-hole.ts'
import { hopText } from '../../derive/probe/hop-text.ts'
import { succeeded } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { TracerouteResult } from '../../model/probe-result.ts'
import type { Runner } from '../context.ts'
import { foundTarget } from '../dns/found-target.ts'
import { sourceFor } from '../socket/source-for.ts'
import { targetAddress } from '../socket/target-address.ts'
import { linkMtu } from './link-mtu.ts'
import { probeHops, type Came } from './probe-hops.ts'
import type { Sending, Trace } from './trace.ts'

type Hop = TracerouteResult['hops'][number]
type TooBig = NonNullable<Hop['tooBig']>

/** Behind one that was silent so many are tried at once; else one by one: hosts tell only so many errors (icmp_ratelimit). */
const hopsAtOnce = 4
/**
 * The first that is silent may still tell that its neighbour does not answer, after three seconds (mcast_solicit, arp(7)).
 * Who is willing to wait for a second is kept waiting for that.
 */
const neighbourMs = 3500
const patientMs = 1000

export const runTraceroute: Runner<'traceroute'> = async (request, context) => {
  const { place, maxHops, probes, timeoutMs } = request
  const found = await foundTarget(place, request.target, context)
  if (!found.ok) return found
  const opened = await context.sockets()
  if (!opened.ok) return opened
  const sockets = opened.value
  const to = targetAddress(sockets, place, found.value)
  if (!to.ok) return to
  const source = sourceFor(sockets, place, to.value)
  const trace: Trace = { request, target: found.value, to: to.value, source, sockets, context }
  const hops: Hop[] = []
  let number = 0
  let total = request.mtu === true ? linkMtu(trace) : null
  /** The last hop that was tried. */
  let wasSilent = false
  let hasWaited = timeoutMs < patientMs
  let end = 'open' as End

  const nameOf = (address: string | null): string | null => {
    const name = address === null ? undefined : request.names?.[address]
    return name === undefined ? null : sanitise(name)
  }
  const tell = (hop: number, came: readonly Came[], tooBig: TooBig | null): End => {
    const answers = came.map((one) => ({
      from: one?.from ?? null,
      name: nameOf(one?.from ?? null),
      ms: one === null || one.from === null ? null : one.ms,
      icmp: one?.reported?.error ?? null,
    }))
    const told: Hop = { hop, answers, ...(tooBig === null ? {} : { tooBig }) }
    hops.push(told)
    const end = endOf(came, to.value.address)
    const tone = end === 'reached' ? 'good' : end === 'refused' ? 'bad' : 'plain'
    context.emit({ type: 'line', at: Date.now(), text: hopText(told, to.value.address), tone })
    return end
  }

  for (let first = 1; first <= maxHops;) {
    // Sizes are found out one hop after the other.
    const count = total === null && wasSilent ? Math.min(hopsAtOnce, maxHops + 1 - first) : 1
    const patience = { waitMs: timeoutMs, silentMs: hasWaited ? 0 : neighbourMs }
    let tooBig: TooBig | null = null
    const sendings = (): readonly Sending[] =>
      Array.from({ length: count * probes }, (_, at) => ({
        ttl: first + Math.floor(at / probes),
        number: number++,
        total,
      }))
    let came = await probeHops(trace, sendings(), patience)
    while (came.ok && total !== null && !context.signal.aborted) {
      const limit = limitIn(came.value, total)
      if (limit === null) break
      tooBig = { ...limit, name: nameOf(limit.from) }
      total = limit.mtu
      came = await probeHops(trace, sendings(), patience)
    }
    if (!came.ok) return came
    if (context.signal.aborted) break
    wasSilent = came.value.slice(-probes).every((one) => one === null)
    hasWaited ||= wasSilent
    for (let at = 0; at < count; at += 1) {
      end = tell(first + at, came.value.slice(at * probes, (at + 1) * probes), tooBig)
      if (end !== 'open') break
    }
    if (end !== 'open') break
    first += count
  }
  return succeeded({
    kind: 'traceroute',
    ok: end === 'reached',
    netns: place.netns,
    target: found.value.text,
    address: found.value.address,
    source,
    hops,
  })
}

type End = 'open' | 'reached' | 'refused'

/** A hop that passes things on says that their time is exceeded; everything else is an end, of whatever kind. */
function endOf(came: readonly Came[], address: string): End {
  const answers = came.filter((one) => one !== null)
  const final = answers.filter(({ reported }) => reported?.what !== 'time-exceeded')
  if (final.some(({ from, reported }) => reported === null || from === address)) return 'reached'
  return final.length > 0 && final.length === answers.length ? 'refused' : 'open'
}

/** What every IPv4 link takes (RFC 791); who says less makes it up. */
const least = 68

/** The smallest that somebody said passes, of those that are smaller than what was sent. */
function limitIn(came: readonly Came[], total: number): (TooBig & { readonly mtu: number }) | null {
  const limits = came.flatMap((one) => {
    const error = one?.reported?.error
    if (error?.mtu === undefined || error.mtu >= total || error.mtu < least || !isTooBig(error)) return []
    return [{ ...error, mtu: error.mtu, name: null }]
  })
  return limits.sort((a, b) => a.mtu - b.mtu)[0] ?? null
}
