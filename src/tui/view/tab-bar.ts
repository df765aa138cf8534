/**
 *  1 Topo                                     host > docker0 > vethe8201cd
 */
import { cut, width } from '../../lib/width.ts'
import type { Region } from '../frame.ts'
import { screens } from '../screens.ts'
import { screenOf } from '../screens/screen-of.ts'
import type { State } from '../state.ts'
import { bothEnds, clean, lineOf, span, widthOf } from './text.ts'

export function tabBarRegion(state: State, columns: number): Region {
  const tabs = screens.flatMap((screen) => [
    span(' '),
    span(screen.key, 'key'),
    span(screen.tab, screen.id === state.screen ? 'heading' : 'dim'),
  ])
  const crumbs = lastOf(screenOf(state).crumbs(state), columns - widthOf(tabs) - 3)
  const end = [span(crumbs, 'dim'), span(' ')]
  return {
    id: 'tabs',
    top: 1,
    left: 0,
    width: columns,
    height: 1,
    lines: [lineOf(bothEnds(tabs, end, columns), columns)],
  }
}

/** As many of them as fit; where one stands matters more than the way there. */
function lastOf(names: readonly string[], columns: number): string {
  for (let from = 0; from < names.length; from += 1) {
    const text = [...(from > 0 ? ['…'] : []), ...names.slice(from)].join(' > ')
    if (width(clean(text)) <= columns) return text
  }
  return cut(clean(names.at(-1) ?? ''), columns)
}
