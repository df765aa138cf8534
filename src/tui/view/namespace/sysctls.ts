/**
 *  not as the kernel has them
 *  ipv4.ip_forward        1   kernel 0   host 1   pass on what is for others
 *
 *  not as the host has them
 *  of single links
 *  as the kernel has them
 */
import { sysctlDefault } from '../../../derive/sysctl-defaults.ts'
import { isUnknown, listOf } from '../../../model/known.ts'
import type { Netns, NetnsDetails } from '../../../model/netns.ts'
import type { InetConf } from '../../../model/link.ts'
import { inetSettings } from '../../../model/link-settings.ts'
import type { Line, Span } from '../../frame.ts'
import { span } from '../text.ts'
import { grid } from './grid.ts'
import { heading, notRead, parted, said } from './lines.ts'

type Row = {
  readonly name: string
  readonly value: string
  readonly kernel: string | null
  readonly host: string | null
}

/** `host`: null where it is not known, or this is the host. */
export function sysctlLines(
  netns: Netns,
  { sysctls }: NetnsDetails,
  host: NetnsDetails | null,
  columns: number,
): readonly Line[] {
  if (isUnknown(sysctls)) return notRead(sysctls.unknown, columns)
  const theirs = host === null || isUnknown(host.sysctls) ? {} : host.sysctls
  const rows = Object.entries(sysctls).flatMap(([name, value]): readonly Row[] => {
    const there = theirs[name]
    return isUnknown(value)
      ? []
      : [
          {
            name,
            value,
            kernel: sysctlDefault(name)?.value ?? null,
            host: there === undefined || isUnknown(there) ? null : there,
          },
        ]
  })
  const isOwn = ({ value, kernel }: Row): boolean => kernel !== null && value !== kernel
  const isOther = ({ value, host: there, kernel }: Row): boolean =>
    kernel !== null && there !== null && value !== there
  const changed = rows.filter(isOwn)
  const other = rows.filter((row) => !isOwn(row) && isOther(row))
  const rest = rows.filter((row) => !isOwn(row) && !isOther(row))
  const unread = Object.entries(sysctls).flatMap(([name, value]) =>
    isUnknown(value) ? [[name, value.unknown] as const] : [],
  )
  return parted(
    [
      changed.length === 0
        ? said('every setting is as the kernel has it', columns)
        : [heading('not as the kernel has them', columns), ...settings(changed, columns)],
      other.length === 0
        ? []
        : [heading('as the kernel has them, but not as this host', columns), ...settings(other, columns)],
      ofLinks(netns, columns),
      [heading('as the kernel has them', columns), ...settings(rest, columns)],
      unread.length === 0
        ? []
        : [
            heading('could not be read', columns),
            ...grid(
              [
                { title: 'SETTING', least: 12 },
                { title: 'WHY', soft: true, least: 16 },
              ],
              unread.map(([name, why]) => [span(name), span(why, 'dim')]),
              columns,
            ),
          ],
    ],
    columns,
  )
}

function settings(rows: readonly Row[], columns: number): readonly Line[] {
  return grid(
    [
      { title: 'SETTING', least: 16 },
      { title: 'VALUE', least: 5 },
      { title: 'KERNEL', least: 6 },
      { title: 'HOST', least: 4 },
      { title: 'MEANS', soft: true, least: 16 },
    ],
    rows.map(({ name, value, kernel, host }): readonly Span[] => [
      span(name),
      span(value, kernel !== null && value !== kernel ? 'changed' : 'counter'),
      span(kernel === null || kernel === value ? '' : kernel, 'dim'),
      span(host === null || host === value ? '' : host, 'match'),
      span(sysctlDefault(name)?.says ?? '', 'dim'),
    ]),
    columns,
  )
}

const confFields = Object.keys(inetSettings) as readonly (keyof InetConf)[]

/** `ipv4.conf.LINK.*` that are not 0, links with the same values together. */
function ofLinks(netns: Netns, columns: number): readonly Line[] {
  const groups = new Map<string, string[]>()
  for (const { inet, name } of listOf(netns.links)) {
    if (inet === null || isUnknown(inet)) continue
    const set = confFields
      .filter((field) => inet[field] !== 0)
      .map((field) => `${inetSettings[field]} ${inet[field]}`)
    if (set.length === 0) continue
    const text = set.join(', ')
    const known = groups.get(text)
    if (known === undefined) groups.set(text, [name])
    else known.push(name)
  }
  if (groups.size === 0) return []
  const most = 8
  return [
    heading('of single links (ipv4.conf.LINK), where they are not 0', columns),
    ...grid(
      [{ title: 'SET', soft: true, least: 16 }, { title: 'LINKS' }],
      [...groups]
        .slice(0, 100)
        .map(([text, names]) => [
          span(text, 'changed'),
          span(
            `${names.slice(0, most).join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`,
            'link',
          ),
        ]),
      columns,
    ),
  ]
}
