/**
 * ━> ping from nginx1 ━━━━━━━━━━━━━━━━━━━━━━━━━━━ Ctrl-T from host, 1-8 of 12 ━
 * >gateway         172.17.0.1  default gateway by eth0
 *  redis123        172.17.0.2  on bridge
 *  ping: _                                     Tab take  Enter start  Esc close
 */
import { cut } from '../../lib/width.ts'
import { keysOf } from '../keymap.ts'
import type { Line, Region, Role, Size } from '../frame.ts'
import { verbOf } from '../select/probe-kinds.ts'
import { offersOf, type Offer } from '../select/probe-offers.ts'
import { nameOf, shown } from '../select/shown.ts'
import type { Mode, State } from '../state.ts'
import { glyphs } from './glyphs.ts'
import { rule } from './rule.ts'
import { clean, gap, lineOf, padded, span, widthOf, wrapped } from './text.ts'

type ProbeForm = Extract<Mode, { readonly type: 'probe-form' }>

const most = 12
const widest = 34
const widestName = 24
const indent = 3
const mostWhy = 3

/** Just above the line that is typed into. */
export function probeFormRegion(state: State, size: Size, mode: ProbeForm): Region {
  const offers = offersOf(state)
  const cursor = Math.min(mode.cursor, offers.length - 1)
  const room = Math.max(1, Math.min(most, Math.floor(size.rows / 2), offers.length))
  const from = Math.max(0, cursor - room + 1)
  const count =
    offers.length > room ? `${from + 1}-${Math.min(offers.length, from + room)} of ${offers.length}` : ''
  const right = [otherSource(state, mode), count].filter((each) => each !== '').join(', ')
  const title = [
    span(`${verbOf(mode.kind)} from `, 'heading'),
    span(nameOf(shown(state).world, mode.netns), 'netns'),
  ]
  const heading = rule(title, size.columns, glyphs(state.options.ascii), { focus: true, right })
  const texts = Math.min(widest, Math.max(8, ...offers.map(({ text }) => widthOf([span(text)]))))
  const lines = offers
    .slice(from, from + room)
    .flatMap((offer, at) => offerLines(offer, from + at === cursor, texts, size.columns))
  const height = Math.max(1, lines.length) + 1
  return {
    id: 'probe-form',
    top: size.rows - 1 - height,
    left: 0,
    width: size.columns,
    height,
    lines: [lineOf(heading, size.columns), ...lines],
  }
}

/** `Ctrl-T from host`: where else it could start. */
function otherSource(state: State, { sources, netns }: ProbeForm): string {
  const next = sources[(sources.indexOf(netns) + 1) % sources.length]
  const [key] = keysOf('probe-from', 'probe-form', state.options.keys)
  if (next === undefined || next === netns || key === undefined) return ''
  return clean(`${key} from ${cut(nameOf(shown(state).world, next), widestName)}`)
}

const roles: Readonly<Record<Offer['kind'], Role>> = {
  target: 'address',
  typed: 'text',
  wrong: 'text',
  option: 'key',
}

/** Why it cannot be asked is told whole. */
function offerLines(offer: Offer, chosen: boolean, texts: number, columns: number): readonly Line[] {
  if (offer.kind !== 'wrong') return [offerLine(offer, chosen, texts, columns)]
  const why = wrapped([span(offer.says, 'error')], columns - indent - 1).slice(0, mostWhy)
  return [
    offerLine({ ...offer, says: '' }, chosen, texts, columns),
    ...why.map((line) => lineOf([gap(indent), ...line], columns)),
  ]
}

function offerLine({ text, says, kind }: Offer, chosen: boolean, texts: number, columns: number): Line {
  return lineOf(
    [span(chosen ? '>' : ' ', 'key'), ...padded([span(text, roles[kind])], texts), gap(2), span(says, 'dim')],
    columns,
    chosen,
  )
}
