/**
 *  vethscope vm01  14 ns  3 bridges  9 veth pairs      1 not read  live 14:03
 */
import { isPair } from '../../derive/claims.ts'
import { listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Region, Span } from '../frame.ts'
import { clockTime, hourMinute } from '../select/clock.ts'
import { shown } from '../select/shown.ts'
import { troubleOf } from '../select/trouble.ts'
import type { State } from '../state.ts'
import { counted } from './numbers.ts'
import { bothEnds, lineOf, span } from './text.ts'

export function headerRegion(state: State, columns: number): Region {
  const left = [span(' vethscope ', 'title'), ...host(state)]
  const right = [...unread(state), ...readOnly(state), ...status(state), span(' ')]
  return {
    id: 'header',
    top: 0,
    left: 0,
    width: columns,
    height: 1,
    lines: [lineOf(bothEnds(left, right, columns), columns)],
  }
}

function host(state: State): readonly Span[] {
  const { world } = shown(state)
  if (world === null) return []
  let bridges = 0
  let ends = 0
  for (const netns of world.netns) {
    const counts = countsOf(netns)
    bridges += counts.bridges
    ends += counts.ends
  }
  const counts = `  ${world.netns.length} ns  ${counted(bridges, 'bridge')}  ${counted(Math.ceil(ends / 2), 'veth pair')}`
  return [span(world.hostName, 'netns'), span(counts)]
}

const memo = new WeakMap<Netns, { readonly bridges: number; readonly ends: number }>()

function countsOf(netns: Netns): { readonly bridges: number; readonly ends: number } {
  let counts = memo.get(netns)
  if (counts === undefined) {
    const links = listOf(netns.links)
    counts = {
      bridges: links.filter((link) => link.kind === 'bridge').length,
      ends: links.filter(isPair).length,
    }
    memo.set(netns, counts)
  }
  return counts
}

function unread(state: State): readonly Span[] {
  const count = troubleOf(shown(state).world).length
  return count === 0 ? [] : [span(`${count} unreadable  `, 'unreadable')]
}

function readOnly(state: State): readonly Span[] {
  return state.options.readonly ? [span('read-only  ', 'dim')] : []
}

function status(state: State): readonly Span[] {
  const { feed, frozen, options, now } = state
  const { status } = feed
  if (status.type === 'replay') {
    const at = Date.parse(feed.world?.at ?? '')
    const file = options.file === undefined ? '' : ` ${options.file.split('/').at(-1) ?? ''}`
    return [span(`replay${file} ${hourMinute(at)}`, 'banner')]
  }
  if (status.type === 'lost') return [span(`not live since ${clockTime(status.since)}`, 'error')]
  if (frozen !== null) return [span(`frozen ${clockTime(frozen.at)}`, 'banner')]
  if (status.type === 'live') return [span(`live ${hourMinute(now)}`, 'link.up')]
  const done = status.type === 'filling' && status.total > 0 ? ` ${status.done} of ${status.total} ns` : ''
  return [span(`reading${done}`, 'changed')]
}
