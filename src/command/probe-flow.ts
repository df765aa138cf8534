/** What every command that probes does: read where things are, send from there, tell while it runs, give what came of it. */
import { placeOf } from '../derive/probe/place.ts'
import { watchBetween } from '../derive/probe/watch-between.ts'
import { resolveNetns } from '../derive/resolve-netns.ts'
import { failed, succeeded, type Failure, type Outcome } from '../lib/failure.ts'
import type { Netns } from '../model/netns.ts'
import type { Place, ProbeRequest, Sought, Watch } from '../model/probe.ts'
import type { World } from '../model/world.ts'
import type { Deps } from './command.ts'
import { gapsOf } from './gaps.ts'
import type { Result } from './result.ts'

/** Where a probe starts, in a World without the dear parts; `world.dns` and engines are in it. */
export type ProbeStart = { readonly world: World; readonly netns: Netns; readonly place: Place }

/**
 * `text`: the NETNS as it was typed. `toRequest` makes the request of what was read. A signal stops the probe, and what it
 * came to until then is the result.
 */
export async function probeFrom(
  deps: Deps,
  text: string,
  toRequest: (start: ProbeStart) => Outcome<ProbeRequest>,
): Promise<Outcome<Result>> {
  const { source, prober, tell, signal } = deps
  if (source.kind === 'file') return failed(nothingToSendFrom(source.file ?? ''))
  const read = await source.readWorld({ details: false })
  if (!read.ok) return read
  const netns = resolveNetns(read.value, text)
  if (!netns.ok) return netns
  const place = placeOf(read.value, netns.value)
  if (!place.ok) return place
  const request = toRequest({ world: read.value, netns: netns.value, place: place.value })
  if (!request.ok) return request
  let told: Promise<void> = Promise.resolve()
  const probing = prober().probe(request.value, (events) => {
    // Nobody reads any more (`| head`): nothing is left to do.
    told = tell(events).catch(() => probing.stop())
    return told
  })
  const stop = (): void => probing.stop()
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  const result = await probing.ended
  signal.removeEventListener('abort', stop)
  // The last lines stand before what it came to.
  await told
  if (!result.ok) return result
  const answer = result.value.ok ? 'yes' : 'no'
  return succeeded({ kind: 'probe', data: result.value, answer, gaps: gapsOf(read.value) })
}

/** Whose counters are looked at when it fails. */
export function watchTo({ world, netns }: ProbeStart, ...targets: readonly Sought[]): Watch {
  return watchBetween(world, netns, targets)
}

function nothingToSendFrom(file: string): Failure {
  return {
    kind: 'usage',
    what: `nothing can be sent from a snapshot: ${file}`,
    subject: file,
    hint: 'leave --from out: a probe starts on a live host',
  }
}
