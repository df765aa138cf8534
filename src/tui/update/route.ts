/** `r`: asks which way a packet would take out of the selected namespace. */
import { screenOf } from '../screens/screen-of.ts'
import { shown } from '../select/shown.ts'
import { routeTold, type RouteMode } from '../select/route.ts'
import { selectionOf } from '../select/subject.ts'
import type { State } from '../state.ts'
import { routeRoom } from '../view/route.ts'
import { emptyInput, inputOf } from './input.ts'
import { jumped } from './jump.ts'
import { target, type Motion } from './motion.ts'
import { saying } from './step.ts'

/** More questions than anybody goes back through. */
const kept = 20

export function routeOpened(state: State): State {
  const netns = screenOf(state).about(state)?.netns ?? null
  if (netns === null) return state
  return { ...state, mode: { type: 'route', netns, input: emptyInput, scroll: 0, recalled: 0 } }
}

/** ↑ and ↓ bring back what was asked before, pages go through a long answer. */
export function movedInRoute(state: State, mode: RouteMode, motion: Motion): State {
  if (motion === 'page-up' || motion === 'page-down') {
    const { length, height } = routeRoom(state, mode)
    const scroll = target(mode.scroll, Math.max(0, length - height), height - 1, motion)
    return { ...state, mode: { ...mode, scroll } }
  }
  const recalled = Math.max(0, Math.min(state.routes.length, mode.recalled + (motion === 'up' ? 1 : -1)))
  const text = recalled === 0 ? '' : (state.routes.at(-recalled) ?? '')
  return { ...state, mode: { ...mode, input: inputOf(text), scroll: 0, recalled } }
}

/** Esc: what was asked is kept for the next time. */
export function routeClosed(state: State, mode: RouteMode): State {
  const text = mode.input.text.trim()
  const isQuestion = routeTold(state, mode).answer !== null
  const routes = isQuestion
    ? [...state.routes.filter((each) => each !== text), text].slice(-kept)
    : state.routes
  return { ...state, routes, mode: { type: 'browse' } }
}

/** Enter: to the link that the packet leaves by. */
export function routeFollowed(state: State, mode: RouteMode): State {
  const { world } = shown(state)
  const { answer, asked } = routeTold(state, mode)
  if (asked.kind !== 'query' || answer === null)
    return asked.kind === 'waits' && mode.input.text.trim() === ''
      ? routeClosed(state, mode)
      : saying(state, 'refused', asked.kind === 'waits' ? asked.for : asked.kind === 'wrong' ? asked.why : '')
  const ifindex = answer.ways[0]?.ifindex ?? null
  if (world === null || ifindex === null) return saying(state, 'refused', 'the packet leaves by no link')
  const place = selectionOf(world, mode.netns, ifindex) ?? selectionOf(world, mode.netns, null)
  return place === null
    ? saying(state, 'refused', `${answer.ways[0]?.link ?? 'that link'} has no row in the tree`)
    : jumped(routeClosed(state, mode), place)
}
