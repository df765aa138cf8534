/** The settings of one link below net.ipv4.conf and net.ipv6.conf, as they were. */
import { isUnknown, type Known } from '../../model/known.ts'
import { inet6Settings, inetSettings } from '../../model/link-settings.ts'
import type { Command } from '../../model/plan.ts'
import type { Spot } from '../at.ts'
import type { Site } from './site.ts'
import type { Undo } from './undo.ts'

/** A new link takes what `default` says: only what differs from that is written. */
export function restoreSysctls(site: Site, family: 'ipv4' | 'ipv6' | 'all' = 'all'): Undo {
  const { link } = site
  const settings = [
    ...(family === 'ipv6' ? [] : settingsOf(site, 'ipv4', link.inet, inetSettings)),
    ...(family === 'ipv4' ? [] : settingsOf(site, 'ipv6', link.inet6, inet6Settings)),
  ]
  return settings.length === 0 ? [] : [sysctlCommand(site.spot, settings)]
}

type Setting = readonly [name: string, value: string]

function settingsOf<C extends { readonly [key: string]: number }>(
  { netns, link }: Site,
  family: string,
  conf: Known<C | null>,
  names: { readonly [K in keyof C]: string },
): readonly Setting[] {
  if (isUnknown(conf) || conf === null) return []
  const defaults = netns.details === null || isUnknown(netns.details.sysctls) ? {} : netns.details.sysctls
  return (Object.keys(names) as readonly (keyof C)[]).flatMap((key): readonly Setting[] => {
    const value = String(conf[key])
    const usual = defaults[`${family}.conf.default.${names[key]}`]
    return usual === value ? [] : [[`${family}.conf.${link.name}.${names[key]}`, value]]
  })
}

/** All in one command. `name` dotted, without `net.` in front. */
export function sysctlCommand(spot: Spot, settings: readonly Setting[]): Command {
  return spot.inside([
    'sysctl',
    '-q',
    '-w',
    ...settings.map(([name, value]) => `net.${written(name)}=${value}`),
  ])
}

/** sysctl(8): a dot inside a link's name is written as a slash, `ipv4.conf.eth0/100.forwarding`. */
function written(name: string): string {
  return name.replace(
    /^(ipv[46]\.(?:conf|neigh)\.)(.+)(\.[^.]+)$/,
    (_, before: string, link: string, after: string) => before + link.replaceAll('.', '/') + after,
  )
}
