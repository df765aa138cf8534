/** The line of a form as a request. */
import type { Netns } from '../../model/netns.ts'
import type { ProbeRequest } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'
import { placeOf } from '../../derive/probe/place.ts'
import { soughtOf } from '../../derive/probe/sought.ts'
import type { FormKind } from './probe-kinds.ts'

export type ProbeAsked =
  | { readonly kind: 'ready'; readonly request: ProbeRequest; readonly what: string }
  | { readonly kind: 'wrong'; readonly why: string }

export function probeAsked(world: World, kind: FormKind, netns: Netns, text: string): ProbeAsked {
  const place = placeOf(world, netns)
  if (!place.ok) return { kind: 'wrong', why: place.failure.what }
  const target = soughtOf(world, netns, text)
  if (!target.ok) return { kind: 'wrong', why: target.failure.what }
  if (kind !== 'ping') return { kind: 'wrong', why: `${kind} cannot be asked for here yet` }
  return {
    kind: 'ready',
    what: `ping ${text}`,
    request: {
      kind: 'ping',
      place: place.value,
      target: target.value,
      count: 5,
      intervalMs: 1000,
      size: 56,
      dontFragment: false,
      ttl: null,
      link: null,
      timeoutMs: 1000,
      findMtu: false,
    },
  }
}
