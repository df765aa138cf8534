/** What a link is beside its kind: alias, other names, flags. */
import type { Site } from './site.ts'
import type { Undo } from './undo.ts'

export function restoreSettings({ spot, link }: Site): Undo {
  const { name, alias, altNames, flags } = link
  const words = [
    ...(alias === null || alias === '' ? [] : ['alias', alias]),
    ...(flags.includes('NOARP') && link.linkType === 'ether' ? ['arp', 'off'] : []),
    ...(flags.includes('PROMISC') ? ['promisc', 'on'] : []),
    ...(flags.includes('ALLMULTI') ? ['allmulticast', 'on'] : []),
    ...(flags.includes('MULTICAST') || link.linkType !== 'ether' ? [] : ['multicast', 'off']),
  ]
  return [
    ...(words.length === 0 ? [] : [spot.ip('link', 'set', 'dev', name, ...words)]),
    ...altNames.map((altName) => ({
      ...spot.ip('link', 'property', 'add', 'dev', name, 'altname', altName),
      // It has the name already when this is run for the second time.
      also: [2],
    })),
  ]
}

/**
 * One that is down and was up before has another queueing discipline than a new one (noqueue, not noop), and gets it only by being up
 * for a moment (dev_activate in net/sched/sch_generic.c). Before it has addresses or a master.
 */
export function restoreActivated({ spot, link }: Site): Undo {
  if (link.flags.includes('UP') || link.qdisc === null || link.qdisc === 'noop') return []
  return [spot.ip('link', 'set', 'dev', link.name, 'up'), spot.ip('link', 'set', 'dev', link.name, 'down')]
}

/** The other way round: one that was never up. Taking its discipline away leaves it with none. */
export function restoreNeverUp({ spot, link }: Site): Undo {
  if (link.qdisc !== 'noop') return []
  return [
    spot.inside(['tc', 'qdisc', 'replace', 'dev', link.name, 'root', 'pfifo']),
    spot.inside(['tc', 'qdisc', 'delete', 'dev', link.name, 'root']),
  ]
}

function isUp({ link }: Site): boolean {
  return link.flags.includes('UP')
}

export function restoreUp(site: Site): Undo {
  return isUp(site) ? [site.spot.ip('link', 'set', 'dev', site.link.name, 'up')] : []
}
