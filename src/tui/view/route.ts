/**
 * ━> route from nginx1 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
 *  leaves by eth0, by way of 172.17.0.1, as 172.17.0.3
 *  route     default via 172.17.0.1 dev eth0
 *  rule      32766: from all lookup main
 *  source    172.17.0.3: the address of eth0
 *  asks for  172.17.0.1 at 02:42:4c:9b:6a:01, REACHABLE
 *  $ nsenter -t 812 -n ip route get 198.51.100.1
 *  route from nginx1 to: 198.51.100.1_
 */
import { insideCommand } from '../../derive/inside-command.ts'
import { quoted } from '../../lib/quoted.ts'
import type { RouteAnswer, RouteQuery, Way } from '../../derive/route-answer.ts'
import { policyRuleText, routeText, tableName } from '../../derive/route-text.ts'
import { isUnknown } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Line, Region, Role, Size, Span } from '../frame.ts'
import { routeTold, type RouteMode } from '../select/route.ts'
import { nameOf, shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import { fact, type Fact } from './facts/fact.ts'
import { flowed } from './facts/flow.ts'
import { glyphs } from './glyphs.ts'
import { rule } from './rule.ts'
import { gap, lineOf, span, wrapped } from './text.ts'

/** Just above the line that is typed into, as high as the answer, up to most of the screen. */
export function routeRegion(state: State, size: Size, mode: RouteMode): Region {
  const lines = routeLines(state, mode, size.columns)
  const height = Math.min(lines.length, mostLines(size))
  const from = Math.max(0, Math.min(mode.scroll, lines.length - height))
  const right = lines.length > height ? `${from + 1}-${from + height} of ${lines.length}` : ''
  const title = [span('route from ', 'heading'), span(nameOf(shown(state).world, mode.netns), 'netns')]
  const heading = rule(title, size.columns, glyphs(state.options.ascii), { focus: true, right })
  return {
    id: 'route',
    top: size.rows - 2 - height,
    left: 0,
    width: size.columns,
    height: height + 1,
    lines: [lineOf(heading, size.columns), ...lines.slice(from, from + height)],
  }
}

/** For scrolling: how many lines there are, and how many are seen. */
export function routeRoom(
  state: State,
  mode: RouteMode,
): { readonly length: number; readonly height: number } {
  const { length } = routeLines(state, mode, state.size.columns)
  return { length, height: Math.min(length, mostLines(state.size)) }
}

/** The header, the tabs and a line of the screen stay. */
function mostLines({ rows }: Size): number {
  return Math.max(1, rows - 5)
}

function routeLines(state: State, mode: RouteMode, columns: number): readonly Line[] {
  const { netns, asked, answer, isEarly } = routeTold(state, mode)
  const says = (text: string, role: Role): readonly Line[] =>
    wrapped([span(text, role)], columns - 2).map((line) => lineOf([gap(1), ...line], columns))
  if (netns === null || asked.kind === 'wrong')
    return says(asked.kind === 'wrong' ? asked.why : 'this namespace is gone', 'error')
  if (asked.kind === 'waits' || answer === null) return says(asked.kind === 'waits' ? asked.for : '', 'dim')
  const { world } = shown(state)
  const shell = world === null ? null : insideCommand(world, netns, routeCommand(asked.query))
  return [
    ...wrapped(verdictSpans(answer), columns - 2).map((line) => lineOf([gap(1), ...line], columns)),
    ...(isEarly ? says('settings of this namespace that may decide otherwise are being read …', 'dim') : []),
    ...flowed(factsOf(answer, netns), columns, true),
    ...says('how it came to that:', 'heading'),
    ...answer.steps.flatMap((step) =>
      wrapped([span(step)], columns - 4).map((line, at) =>
        lineOf([gap(at === 0 ? 1 : 3), ...(at === 0 ? [span('- ', 'dim')] : []), ...line], columns),
      ),
    ),
    ...(shell === null ? [] : says(`$ ${shell}`, 'key')),
  ]
}

/** `ip route get` asks the kernel the same. */
export function routeCommand({ dst, from, iif, oif, mark }: RouteQuery): string {
  return [
    dst.includes(':') ? 'ip -6 route get' : 'ip route get',
    dst,
    ...(from === undefined ? [] : ['from', from]),
    ...(iif === undefined ? [] : ['iif', quoted(iif)]),
    ...(oif === undefined ? [] : ['oif', quoted(oif)]),
    ...(mark === undefined ? [] : ['mark', `0x${mark.toString(16)}`]),
  ].join(' ')
}

const verdicts: Readonly<Record<string, string>> = {
  local: 'is for this namespace itself: it does not leave',
  anycast: 'is for this namespace itself, by an anycast address',
  blackhole: 'is thrown away without a word: the route is a blackhole',
  unreachable: 'is refused as unreachable: the route says so',
  prohibit: 'is refused as prohibited: the route says so',
  none: 'goes nowhere',
  dropped: 'is dropped',
  unknown: 'cannot be told',
}

function verdictSpans(answer: RouteAnswer): readonly Span[] {
  const { verdict, reason, ways } = answer
  const role: Role = verdict === 'unknown' ? 'unreadable' : isGood(verdict) ? 'rule.accept' : 'rule.drop'
  const words = verdicts[verdict]
  const [first] = ways
  if (words === undefined && first !== undefined && isGood(verdict)) {
    const many = ways.length > 1 ? `one of ${ways.length} ways, such as ` : ''
    const kind = verdict === 'unicast' ? '' : `${verdict}: `
    const as = answer.source.address === null ? '' : `, as ${answer.source.address}`
    return [span(`${kind}leaves by ${many}${wayWords(first)}${as}`, role)]
  }
  return [span(words ?? verdict, role), ...(reason === null ? [] : [span(`: ${reason}`)])]
}

function isGood(verdict: string): boolean {
  return ['unicast', 'local', 'broadcast', 'multicast', 'anycast'].includes(verdict)
}

function wayWords({ link, gateway }: Way): string {
  return `${link ?? 'a link that is not known'}${gateway === null ? ', directly' : `, by way of ${gateway}`}`
}

function factsOf(answer: RouteAnswer, netns: Netns): readonly Fact[] {
  const { route, rule: chosen, table, ways, source } = answer
  return [
    ...(route === null ? [] : [fact('route', routeText(route, netns), 'address')]),
    ...(table === null ? [] : [fact('table', tableName(table))]),
    ...(chosen === null ? [] : [fact('rule', policyRuleText(chosen))]),
    ...(ways.length > 1
      ? ways.map((way, at) => fact(`way ${at + 1}`, `${wayWords(way)}, weight ${way.weight}`))
      : []),
    ...(ways.length === 0 ? [] : [fact('source', `${source.address ?? 'none'}: ${source.why}`)]),
    ...ways.flatMap(neighbourFact),
  ]
}

/** Who has to answer on the link for the packet to get there. */
function neighbourFact({ neighbour, link, gateway }: Way): readonly Fact[] {
  if (neighbour === null) return []
  if (isUnknown(neighbour)) return [fact('neighbour', `not known: ${neighbour.unknown}`, 'unreadable')]
  const { dst, lladdr, state } = neighbour
  const role: Role = state === 'FAILED' || state === 'INCOMPLETE' ? 'link.down' : 'text'
  return [
    fact(
      'neighbour',
      `${dst === gateway ? 'the gateway' : dst} at ${lladdr ?? 'an address that nobody told'} on ${link ?? '?'}, ${state}`,
      role,
    ),
  ]
}
