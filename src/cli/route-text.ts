import type { RouteShape } from '../command/result.ts'
import { isUnknown } from '../model/known.ts'
import { clean } from './clean.ts'
import { columns } from './columns.ts'
import type { Style } from './style.ts'

/** What happens to the packet, by which rule and route, over which neighbour, and how that came. */
export function routeAnswerText(answer: RouteShape, style: Style): readonly string[] {
  const { verdict, reason, source } = answer
  const good = ['unicast', 'local', 'broadcast', 'multicast'].includes(verdict)
  const headline = `${clean(answer.dst)} from ${clean(answer.netns.name)}: ${clean(verdict)}`
  const rows: (readonly [string, string])[] = [
    ...(answer.ruleText === null ? [] : [['rule', clean(answer.ruleText)] as const]),
    ...(answer.routeText === null ? [] : [['route', clean(answer.routeText)] as const]),
    ['source', `${clean(source.address, 'none')} (${clean(source.why)})`],
    ...answer.ways.map((way) => {
      const flags = way.flags.length === 0 ? '' : ` [${way.flags.map((each) => clean(each)).join(' ')}]`
      const share = answer.ways.length === 1 ? '' : ` weight ${way.weight}`
      return ['out', `${clean(way.link)}${wayText(way)}${share}${flags}`] as const
    }),
  ]
  return [
    style.paint(good ? 'green' : 'red', headline) + (reason === null ? '' : `  ${clean(reason)}`),
    ...columns(
      rows.map(([name, text]) => [{ text: `  ${name}`, shown: `  ${style.paint('dim', name)}` }, { text }]),
    ),
    ...answer.steps.map((step) => style.paint('dim', `  ${clean(step)}`)),
  ]
}

function wayText({ gateway, neighbour }: RouteShape['ways'][number]): string {
  const via = gateway === null ? '' : ` via ${clean(gateway)}`
  if (isUnknown(neighbour)) return `${via}, neighbour ${clean(neighbour)}`
  if (neighbour === null) return via
  return `${via}, neighbour ${clean(neighbour.dst)} ${clean(neighbour.lladdr, 'without lladdr')} ${clean(neighbour.state)}`
}
