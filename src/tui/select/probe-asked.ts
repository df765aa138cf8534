/** The line of a form as a request: what is asked from which namespace, or what is wrong with it. */
import { placeOf } from '../../derive/probe/place.ts'
import type { Outcome } from '../../lib/failure.ts'
import type { Netns } from '../../model/netns.ts'
import type { ProbeRequest } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'
import { verbOf, type FormKind } from './probe-kinds.ts'
import { formLine } from './probe-options.ts'
import { requestOf } from './probe-requests.ts'

export type ProbeAsked =
  | { readonly kind: 'ready'; readonly request: ProbeRequest; readonly what: string }
  | { readonly kind: 'wrong'; readonly why: string }

export function probeAsked(world: World, kind: FormKind, netns: Netns, text: string): ProbeAsked {
  const plain = text.trim()
  const place = placeOf(world, netns)
  if (!place.ok) return wrong(place)
  const line = formLine(kind, plain)
  if (typeof line === 'string') return { kind: 'wrong', why: line }
  const request = requestOf(kind, { world, netns, place: place.value, line })
  if (!request.ok) return wrong(request)
  return { kind: 'ready', request: request.value, what: `${verbOf(kind)} ${plain}`.trim() }
}

function wrong({ failure }: Extract<Outcome<unknown>, { readonly ok: false }>): ProbeAsked {
  const { what, hint } = failure
  return { kind: 'wrong', why: hint === undefined ? what : `${what}; ${hint}` }
}
