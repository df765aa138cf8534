/** Every key, printed from the keymap and the action table: what can do nothing now says why. */
import { actionOf, actions, type ActionGroup, type ActionName } from '../actions.ts'
import { isOffered, keysOf, screenContexts, type Context, type UserKeys } from '../keymap.ts'
import type { Line, Span } from '../frame.ts'
import { screens } from '../screens.ts'
import type { State } from '../state.ts'
import { glyphs, type Glyphs } from './glyphs.ts'
import { gap, lineOf, padded, span, widthOf, wrapped } from './text.ts'

export const groupTitles: Readonly<Record<ActionGroup, string>> = {
  thing: 'On the selected thing',
  moving: 'Moving',
  finding: 'Finding',
  looking: 'Looking',
  change: 'Changing the host: a form first, and Ctrl-S makes it',
  rules: 'On the Rules screen',
  probes: 'On the Probes screen',
  program: 'Program',
}

const groups = Object.keys(groupTitles) as readonly ActionGroup[]

/** Each entry with the lines it takes, and the text that a search looks through. */
type Entry = { readonly heading: string; readonly text: string; readonly lines: readonly Line[] }

export function helpLines(state: State, columns: number): readonly Line[] {
  const words = state.mode.type === 'help-search' ? state.mode.input.text.toLowerCase().split(/\s+/) : []
  const entries = entriesOf(state, columns).filter(({ heading, text }) =>
    words.every((word) => `${heading} ${text}`.toLowerCase().includes(word)),
  )
  if (entries.length === 0) return [lineOf([span('nothing in the help holds that', 'dim')], columns)]
  return entries.flatMap(({ heading, lines }, at) => {
    if (entries[at - 1]?.heading === heading) return lines
    return [...(at === 0 ? [] : [lineOf([], columns)]), lineOf([span(heading, 'heading')], columns), ...lines]
  })
}

function entriesOf(state: State, columns: number): readonly Entry[] {
  const browsing: State = { ...state, mode: { type: 'browse' } }
  const keys = groups.flatMap((group) =>
    namesIn(group).map((name): Entry => {
      const { title } = actionOf(name)
      const heading = groupTitles[group]
      return {
        heading,
        text: `${keysIn(name, state.screen, state.options.keys).join(' ')} ${title}`,
        lines: actionLine(browsing, name, columns),
      }
    }),
  )
  const words = (heading: string, role: 'key' | 'link', list: readonly (readonly [string, string])[]) =>
    list.map(([token, means]): Entry => ({
      heading,
      text: `${token} ${means}`,
      lines: explained(span(token, role), means, columns),
    }))
  return [
    ...keys,
    ...words('The filter ( / )', 'key', filterWords),
    ...words('How a row reads', 'link', rowWords(glyphs(state.options.ascii))),
    {
      heading: 'And the host',
      text: 'nothing on this screen changes the host',
      lines: [lineOf([span('Nothing on this screen changes the host.', 'dim')], columns)],
    },
  ]
}

export function namesIn(group: ActionGroup): readonly ActionName[] {
  return (Object.keys(actions) as readonly ActionName[]).filter(
    (name) => actionOf(name).group === group && screenContexts.some((context) => isOffered(name, context)),
  )
}

/** On the screen that is shown, else where it works; what has none is typed. */
export function keysIn(name: ActionName, context: Context, user?: UserKeys): readonly string[] {
  const keys = keysOf(name, context, user)
  if (keys.length > 0) return keys
  const elsewhere = screenContexts.map((other) => keysOf(name, other, user))
  return elsewhere.find((other) => other.length > 0) ?? [`:${name}`]
}

function actionLine(state: State, name: ActionName, columns: number): readonly Line[] {
  const action = actionOf(name)
  const user = state.options.keys
  const isHere = isOffered(name, state.screen)
  const enabled = isHere ? action.enabled(state) : `only on ${whereOf(name)}`
  const line = [
    ...padded([span(keysIn(name, state.screen, user).join(' '), 'key')], keyColumn),
    span(action.title),
  ]
  if (enabled === true) return [lineOf(line, columns)]
  const reason = [span(`not now: ${enabled}`, 'dim')]
  return widthOf(line) + 3 + widthOf(reason) <= columns
    ? [lineOf([...line, gap(3), ...reason], columns)]
    : [
        lineOf(line, columns),
        ...wrapped(reason, columns - reasonColumn).map((each) =>
          lineOf([gap(reasonColumn), ...each], columns),
        ),
      ]
}

/** `the Rules screen`, `the Namespaces and Ports screens`. */
function whereOf(name: ActionName): string {
  const titles = screens.filter(({ id }) => isOffered(name, id)).map(({ title }) => title)
  const last = titles.at(-1) ?? ''
  return titles.length > 1
    ? `the ${titles.slice(0, -1).join(', ')} and ${last} screens`
    : `the ${last} screen`
}

const keyColumn = 15
const reasonColumn = keyColumn + 2

function explained(token: Span, means: string, columns: number): readonly Line[] {
  return wrapped([span(means)], columns - keyColumn).map((line, at) =>
    lineOf([...(at === 0 ? padded([token], keyColumn) : [gap(keyColumn)]), ...line], columns),
  )
}

const filterWords: readonly (readonly [string, string])[] = [
  ['word', 'in a name, address, MAC or id; several words: all must fit'],
  ['172.17.0.0/16', 'addresses inside it'],
  [':8080', 'a port'],
  ['kind:veth', 'links of that kind'],
  ['is:down', 'also is:up, is:hidden, is:unreadable, is:unresolved, is:off-bridge, is:port'],
  ['is:unreplied', 'of connections; also is:stale, is:assured, state:established, kind:tcp'],
  ['is:failed', 'of probes; also is:running, kind:ping'],
  ['!word', 'not that'],
]

/** One after the other, the parts of ` ├─vethe8201cd ⇄ nginx1 eth0 172.17.0.3/16  192.0.2.2 here`. */
function rowWords({ pair, unfolded, folded, tee, unequal }: Glyphs): readonly (readonly [string, string])[] {
  return [
    [`${tee}vethe8201cd`, 'a link of the namespace in the heading, here a port of the bridge above'],
    [`${pair} nginx1 eth0`, 'its other end: the namespace that is in, and its name there'],
    ['172.17.0.3/16', 'the address of the other end; of a link that has none, its own'],
    ['192.0.2.2 here', 'the address of this end, where both have one'],
    ['no bridge', 'neither end is a port of a bridge, and this end has no address'],
    [`mtu${unequal}1400`, 'the two ends differ in their largest packet: large ones get lost'],
    ['rx/s  tx/s', 'bytes a second received and sent at this end, 1k = 1000'],
    ['bytes rx  tx', 'in a recording: all since the link was made'],
    ['!', 'look here: no bridge, different mtu, or packets being lost right now'],
    ['?', 'could not be read, or hidden: known only by a number (nsid), no path leads there'],
    [`${unfolded} ${folded}`, 'rows below it, shown or folded away'],
  ]
}
