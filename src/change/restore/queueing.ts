/** Queueing disciplines as they were; what hangs on them and on the link as a program cannot be brought back. */
import { isUnknown } from '../../model/known.ts'
import type { Command } from '../../model/plan.ts'
import type { Qdisc } from '../../model/traffic-control.ts'
import type { Site } from './site.ts'
import { inOrder, irreversible, type Undo } from './undo.ts'

/** The kernel gives them to a link by itself (net.core.default_qdisc, `mq` with its children). */
const automatic = new Set(['noqueue', 'noop', 'mq', 'pfifo_fast', 'fq_codel', 'fq'])
/** All their options that the World holds are all they have. */
const whole = new Set(['tbf', 'netem', 'pfifo', 'bfifo', 'clsact', 'ingress'])

/** `attached`: programs on the link itself go too (it is deleted, not moved). */
export function restoreQueueing(site: Site, attached: boolean): Undo {
  const { netns, link } = site
  const { details } = netns
  if (details === null) return link.qdisc === null || automatic.has(link.qdisc) ? [] : unreadable(site)
  const here = ({ ifindex }: { readonly ifindex: number | null }): boolean => ifindex === link.ifindex
  const { qdiscs, filters, programs } = details
  if (isUnknown(qdiscs)) return unreadable(site)
  const filtered = isUnknown(filters) ? [] : filters.filter(here)
  const programmed = isUnknown(programs) || !attached ? [] : programs.filter(here)
  return inOrder(
    irreversible([
      ...filtered.map(({ kind }) => `link ${link.name} has a tc filter (${kind}) whose rules were not read`),
      ...programmed.map(
        ({ attach, name, id }) =>
          `BPF program ${name ?? id ?? ''} is attached to ${link.name} (${attach}): only who loaded it can attach it again`,
      ),
    ]),
    ...qdiscs.filter((each) => here(each) && !isAutomatic(each)).map((each) => restoredQdisc(site, each)),
  )
}

function isAutomatic({ kind, parent }: Qdisc): boolean {
  return automatic.has(kind) && (parent === 'root' || parent.startsWith(':'))
}

function unreadable({ link }: Site): Undo {
  return {
    irreversible: `link ${link.name} has a queueing discipline (${link.qdisc ?? '?'}) that was not read`,
  }
}

function restoredQdisc(site: Site, qdisc: Qdisc): Undo {
  const { spot, link } = site
  const { kind, parent, handle, options } = qdisc
  if (!whole.has(kind))
    return { irreversible: `the queueing discipline ${kind} of ${link.name} has more to it than was read` }
  const place = kind === 'clsact' || kind === 'ingress' ? [kind] : placeOf(parent, handle)
  const command: Command = spot.inside([
    'tc',
    'qdisc',
    'replace',
    'dev',
    link.name,
    ...place,
    ...(kind === 'clsact' || kind === 'ingress' ? [] : [kind, ...options.split(' ').filter(Boolean)]),
  ])
  return [command]
}

function placeOf(parent: string, handle: string): readonly string[] {
  const where = parent === 'root' ? ['root'] : ['parent', parent]
  return handle === '0:' || handle === '' ? where : [...where, 'handle', handle]
}
