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

export function isUp({ link }: Site): boolean {
  return link.flags.includes('UP')
}

export function restoreUp(site: Site): Undo {
  return isUp(site) ? [site.spot.ip('link', 'set', 'dev', site.link.name, 'up')] : []
}
