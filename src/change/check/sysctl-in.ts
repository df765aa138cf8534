/** A setting below /proc/sys/net in a World: those of `all` and `default` are read by name, those of single links come with the links. */
import { isUnknown, unknown, type Known } from '../../model/known.ts'
import { inet6Settings, inetSettings } from '../../model/link-settings.ts'
import type { Netns } from '../../model/netns.ts'
import { linkIn } from './seen.ts'

/** `name` dotted, below net: `ipv4.conf.eth0.100.rp_filter` is rp_filter of link eth0.100. null: that link is not there. */
export function sysctlIn(netns: Netns, name: string): Known<string | null> {
  const [, family, linkName, setting] = /^(ipv4|ipv6)\.conf\.(.+)\.([^.]+)$/.exec(name) ?? []
  if (family === undefined || linkName === undefined || setting === undefined) return byName(netns, name)
  if (linkName === 'all' || linkName === 'default') return byName(netns, name)
  const link = linkIn(netns, linkName)
  if (isUnknown(link) || link === null) return link
  const value =
    family === 'ipv4'
      ? valueIn(link.inet, inetSettings, setting)
      : valueIn(link.inet6, inet6Settings, setting)
  if (value !== undefined) return value
  return byName(netns, name)
}

/** undefined: nobody reads that one of a link. */
function valueIn<T extends { readonly [name: string]: number }>(
  conf: Known<T | null>,
  names: { readonly [K in keyof T]: string },
  setting: string,
): Known<string> | undefined {
  const key = (Object.keys(names) as readonly (keyof T)[]).find((each) => names[each] === setting)
  if (key === undefined) return undefined
  if (isUnknown(conf)) return conf
  return conf === null ? unknown('this kernel does not tell it with the link') : String(conf[key])
}

function byName({ details }: Netns, name: string): Known<string> {
  if (details === null) return unknown('the sysctls were not read')
  if (isUnknown(details.sysctls)) return details.sysctls
  return details.sysctls[name] ?? unknown(`${name} is not among the sysctls that are read`)
}

/** `ip_local_port_range` has a tab between its numbers. */
export function plainValue(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}
