/** A route as it is asked for, in the kernel's words. */
import type { Failure } from '../../lib/failure.ts'
import { formatIp, parseIp, type Family, type Ip } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { IntentOf } from '../../model/intent.ts'
import type { Link } from '../../model/link.ts'
import { checkIp, networkOf } from '../names.ts'
import { misuse, planned, type Planned } from '../planner.ts'
import { tableText } from '../restore/routes.ts'
import { linkCalled, noLink, unlessAny, type NamedPlace } from './scene.ts'

type Asked = Omit<IntentOf<'route-add'>, 'kind'>

export type Wanted = {
  readonly family: Family
  /** `default`, `10.0.0.0/8`. */
  readonly dst: string
  readonly via: Ip | null
  readonly link: Link | null
  readonly src: Ip | null
  readonly metric: number | null
  readonly table: number
}

/** RT_TABLE_* (linux/rtnetlink.h). */
const tables: Readonly<Record<string, number>> = { default: 253, main: 254, local: 255 }
export const mainTable = 254
export function routeWords(
  { family, dst, via, link, src, metric, table }: Wanted,
  word: string,
): readonly string[] {
  return [
    ...(family === 'inet6' ? ['-6'] : []),
    'route',
    word,
    dst,
    ...(via === null
      ? []
      : via.family === family
        ? ['via', formatIp(via)]
        : ['via', via.family, formatIp(via)]),
    ...(link === null ? [] : ['dev', link.name]),
    ...(src === null ? [] : ['src', formatIp(src)]),
    ...(metric === null ? [] : ['metric', String(metric)]),
    ...(table === mainTable ? [] : ['table', tableText(table)]),
  ]
}

export function wantedText({ dst, via, link, table }: Wanted): string {
  const by = via === null ? '' : ` via ${formatIp(via)}`
  const dev = link === null ? '' : ` by ${sanitise(link.name)}`
  return `${dst}${by}${dev}${table === mainTable ? '' : ` in table ${tableText(table)}`}`
}

/** As a fact has it. */
export function factDestination(family: Family, dst: string): string {
  if (dst !== 'default') return dst
  return family === 'inet' ? '0.0.0.0/0' : '::/0'
}

export function wantedOf(place: NamedPlace, asked: Asked): Planned<Wanted> {
  const { destination, via, link: linkName, src, metric, table: tableAsked } = asked
  const link = linkName === undefined ? null : linkCalled(place, linkName)
  const table = tableAsked === undefined ? mainTable : tableOf(tableAsked)
  const dst = destinationOf(destination, via ?? src)
  const reasons: readonly (Failure | null)[] = [
    dst.ok ? null : (dst.refusals[0] ?? null),
    via === undefined ? null : checkIp(via),
    src === undefined ? null : checkIp(src),
    linkName !== undefined && link === null ? noLink(place, linkName) : null,
    table === null
      ? usage(tableAsked ?? '', 'is no routing table', 'a number from 1, or main, local, default')
      : null,
    metric !== undefined && !(Number.isInteger(metric) && metric >= 0 && metric < 2 ** 32)
      ? usage(String(metric), 'is no metric', 'a whole number from 0')
      : null,
  ]
  return unlessAny(reasons, () => {
    if (!dst.ok) return dst
    return planned({
      ...dst.value,
      via: via === undefined ? null : parseIp(via),
      link,
      src: src === undefined ? null : parseIp(src),
      metric: metric ?? null,
      table: table ?? mainTable,
    })
  })
}

function usage(subject: string, what: string, hint: string): Failure {
  return misuse(subject, `"${sanitise(subject)}" ${what}`, hint)
}

function tableOf(asked: string): number | null {
  if (Object.hasOwn(tables, asked)) return tables[asked] ?? null
  return /^\d{1,10}$/.test(asked) && Number(asked) > 0 && Number(asked) < 2 ** 32 ? Number(asked) : null
}

/** The family of `default` is that of what it goes through. */
function destinationOf(
  destination: string,
  other: string | undefined,
): Planned<{ readonly family: Family; readonly dst: string }> {
  if (destination === 'default') {
    return planned({ family: parseIp(other ?? '0.0.0.0')?.family ?? 'inet', dst: 'default' })
  }
  const alone = parseIp(destination)
  if (alone !== null)
    return planned({ family: alone.family, dst: `${formatIp(alone)}/${alone.family === 'inet' ? 32 : 128}` })
  const network = networkOf(destination)
  if (!network.ok) return network
  const { family, text } = network.value
  return planned({ family, dst: text.endsWith('/0') ? 'default' : text })
}
