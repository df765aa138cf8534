/** What else may hold up, redirect or change a packet on its way: queues, filters, IPsec, eBPF programs. */
import { linkAt } from '../../../derive/netns-index.ts'
import { isUnknown } from '../../../model/known.ts'
import type { Netns, NetnsDetails } from '../../../model/netns.ts'
import type { Line } from '../../frame.ts'
import { span } from '../text.ts'
import { grid } from './grid.ts'
import { andMore, heading, listed, mostRows, parted, said } from './lines.ts'

/** Those that delay, shape or redirect: not the plain ones that the kernel puts everywhere. */
const plainQueues = ['noqueue', 'pfifo_fast', 'fq_codel', 'mq', 'fq', 'pfifo']

export function queueCount({ qdiscs, filters, xfrmPolicies, programs }: NetnsDetails): number | null {
  if (isUnknown(qdiscs) || isUnknown(filters) || isUnknown(xfrmPolicies) || isUnknown(programs)) return null
  const odd = qdiscs.filter(({ kind, options }) => !plainQueues.includes(kind) || options !== '')
  return odd.length + filters.length + xfrmPolicies.length + programs.length
}

export function queueLines(netns: Netns, details: NetnsDetails, columns: number): readonly Line[] {
  const { qdiscs, filters, xfrmPolicies, programs } = details
  const linkName = (ifindex: number | null): string =>
    ifindex === null ? '' : (linkAt(netns, ifindex)?.name ?? `if${ifindex}`)
  return parted(
    [
      [
        heading('queues (tc qdisc)', columns),
        ...listed(qdiscs, columns, (list) =>
          list.length === 0
            ? said('none: every link sends at once', columns)
            : [
                ...grid(
                  [
                    { title: 'LINK', least: 8 },
                    { title: 'KIND', least: 5 },
                    { title: 'PARENT', least: 4 },
                    { title: 'OPTIONS', least: 8 },
                    { title: 'DROPS', right: true, least: 5 },
                    { title: 'BACKLOG', right: true, least: 4 },
                  ],
                  list
                    .slice(0, mostRows)
                    .map(({ ifindex, kind, parent, options, drops, backlog }) => [
                      span(linkName(ifindex), 'link'),
                      span(kind, plainQueues.includes(kind) ? 'text' : 'changed'),
                      span(parent, 'dim'),
                      span(options, 'changed'),
                      span(drops === null ? '?' : String(drops), (drops ?? 0) > 0 ? 'link.down' : 'counter'),
                      span(backlog === null || backlog === 0 ? '' : `${backlog} B`, 'changed'),
                    ]),
                  columns,
                ),
                ...andMore(list.length, 'queues', columns),
              ],
        ),
      ],
      [
        heading('filters (tc filter)', columns),
        ...listed(filters, columns, (list) =>
          list.length === 0
            ? said('none', columns)
            : grid(
                [
                  { title: 'LINK', least: 8 },
                  { title: 'KIND', least: 5 },
                  { title: 'AT', least: 4 },
                  { title: 'PRIO', right: true, least: 4 },
                  { title: 'PROTOCOL', least: 4 },
                  { title: 'DOES', soft: true, least: 16 },
                ],
                list
                  .slice(0, mostRows)
                  .map(({ ifindex, kind, parent, priority, protocol, actions }) => [
                    span(linkName(ifindex), 'link'),
                    span(kind),
                    span(parent, 'dim'),
                    span(String(priority)),
                    span(protocol, 'dim'),
                    span(
                      actions
                        .map(({ kind: does, redirectTo }) =>
                          redirectTo === null ? does : `${does} to ${linkName(redirectTo)}`,
                        )
                        .join(', '),
                      'changed',
                    ),
                  ]),
                columns,
              ),
        ),
      ],
      [
        heading('IPsec policies (ip xfrm)', columns),
        ...listed(xfrmPolicies, columns, (list) =>
          list.length === 0
            ? said('none', columns)
            : grid(
                [
                  { title: 'DIRECTION', least: 3 },
                  { title: 'FROM', least: 9 },
                  { title: 'TO', least: 9 },
                  { title: 'ACTION', least: 5 },
                  { title: 'PRIO', right: true, least: 4 },
                ],
                list
                  .slice(0, mostRows)
                  .map(({ direction, src, dst, action, priority }) => [
                    span(direction),
                    span(src, 'address'),
                    span(dst, 'address'),
                    span(action, action === 'block' ? 'rule.drop' : 'text'),
                    span(String(priority)),
                  ]),
                columns,
              ),
        ),
      ],
      [
        heading('eBPF programs', columns),
        ...listed(programs, columns, (list) =>
          list.length === 0
            ? said('none', columns)
            : grid(
                [
                  { title: 'AT', least: 8 },
                  { title: 'LINK', least: 6 },
                  { title: 'ID', right: true, least: 3 },
                  { title: 'NAME' },
                ],
                list
                  .slice(0, mostRows)
                  .map(({ attach, ifindex, id, name }) => [
                    span(attach, 'changed'),
                    span(linkName(ifindex), 'link'),
                    span(id === null ? '?' : String(id)),
                    span(name ?? ''),
                  ]),
                columns,
              ),
        ),
      ],
    ],
    columns,
  )
}
