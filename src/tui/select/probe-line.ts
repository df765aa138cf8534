/** What every kind's request takes from its line. */
import { watchBetween } from '../../derive/probe/watch-between.ts'
import { failed, succeeded, type Outcome } from '../../lib/failure.ts'
import type { Netns } from '../../model/netns.ts'
import type { Place, Sought, Watch } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'
import type { FormLine } from './probe-options.ts'

/** What a request is made of. */
export type Asking = {
  readonly world: World
  readonly netns: Netns
  readonly place: Place
  readonly line: FormLine
}

export function usage(what: string, hint?: string): Outcome<never> {
  return failed({ kind: 'usage', what, ...(hint === undefined ? {} : { hint }) })
}

export function numberOf({ given }: FormLine, name: string): number | null {
  const value = given.get(name)?.[0]
  return value === undefined ? null : Number(value)
}

/** Of seconds. */
export function millisecondsOf(line: FormLine, name: string, otherwise: number): number {
  const value = numberOf(line, name)
  return value === null ? otherwise : Math.round(value * 1000)
}

/** The one word that is wanted; `what`: how it is called where there is none. */
export function onlyWord({ words }: FormLine, what: string): Outcome<string> {
  const [first, second] = words
  if (first === undefined) return usage(`type ${what}`)
  return second === undefined ? succeeded(first) : usage(`"${second}": there is ${what} already`)
}

/** Counters are looked at where it starts, on the host, where it goes, and on the way. */
export function watching({ world, netns }: Asking, targets: readonly Sought[]): Watch {
  return watchBetween(world, netns, targets)
}

/** null: either. */
export function familyOf({ given }: FormLine): 4 | 6 | null {
  return given.has('ipv4') ? 4 : given.has('ipv6') ? 6 : null
}
