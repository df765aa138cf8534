/** What the worker found takes the place of what the screen's own World told; the cursor stays on the same thing. */
import type { Found } from '../../model/found.ts'
import { resultsOf } from '../select/found.ts'
import type { State } from '../state.ts'

export function foundReceived(
  state: State,
  found: { readonly text: string; readonly value: readonly Found[] },
): State {
  const next: State = { ...state, feed: { ...state.feed, found } }
  if (state.mode.type !== 'find') return next
  const chosen = resultsOf(state)[state.mode.cursor]?.found
  const results = resultsOf(next)
  const at = chosen === undefined ? 0 : results.findIndex((each) => isSameThing(each.found, chosen))
  const cursor = at === -1 ? Math.max(0, Math.min(state.mode.cursor, results.length - 1)) : at
  return cursor === state.mode.cursor ? next : { ...next, mode: { ...state.mode, cursor } }
}

/** What is said of it may differ: who knows the rules can say more. */
function isSameThing(a: Found, b: Found): boolean {
  return a.what === b.what && a.token === b.token && thingOf(a) === thingOf(b)
}

function thingOf({ what, ref }: Found): string {
  const { netns, ifindex, address, pid, nsid, port, container, rule, route } = ref
  // Which rule publishes a port is one of the things that are known later.
  const own = what === 'rule' || what === 'chain' ? rule : null
  return JSON.stringify([netns, ifindex, address, pid, nsid, port, container, own, route])
}
