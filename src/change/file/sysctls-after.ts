/** Settings below /proc/sys/net as facts of a plan leave them. */
import { isUnknown } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import { withSetting } from './links-after.ts'

/** `name` dotted, below net. */
export function afterSysctl(netns: Netns, name: string, value: string): Netns {
  const [, family, link, setting] = /^(ipv4|ipv6)\.conf\.(.+)\.([^.]+)$/.exec(name) ?? []
  const named = withNamed(netns, name, value)
  if ((family !== 'ipv4' && family !== 'ipv6') || link === undefined || setting === undefined) return named
  if (link !== 'all') return withLinks(named, family, setting, value, link)
  // Forwarding of `all` is written to `default` and every link (inet_forward_change, addrconf_forward_change); nothing else is.
  if (setting !== 'forwarding') return named
  const byDefault = withNamed(named, `${family}.conf.default.forwarding`, value)
  const all = withLinks(byDefault, family, setting, value, null)
  return family === 'ipv4' ? withNamed(all, 'ipv4.ip_forward', value) : all
}

/** null: of every link. */
function withLinks(
  netns: Netns,
  family: 'ipv4' | 'ipv6',
  setting: string,
  value: string,
  only: string | null,
): Netns {
  if (isUnknown(netns.links)) return netns
  return {
    ...netns,
    links: netns.links.map((link) =>
      only === null || link.name === only ? withSetting(link, family, setting, value) : link,
    ),
  }
}

/** Only those that were read: nobody asks for others by name. */
function withNamed(netns: Netns, name: string, value: string): Netns {
  const { details } = netns
  if (details === null || isUnknown(details.sysctls) || !Object.hasOwn(details.sysctls, name)) return netns
  return { ...netns, details: { ...details, sysctls: { ...details.sysctls, [name]: value } } }
}
