/** IFLA_AF_SPEC of a link dump: the sysctls of net.ipv4.conf and net.ipv6.conf for one link. */
import { unknown, type Known } from '../../../model/known.ts'
import type { Inet6Conf, InetConf } from '../../../model/link.ts'
import { attributes, has, lengthOf, offsetOf, walkNested, type Attributes, type Bytes } from './bytes.ts'
import { AF_INET, AF_INET6 } from './format.ts'
import { remembered } from './remember.ts'

const IFLA_AF_SPEC = 26
const IFLA_INET_CONF = 1
const IFLA_INET6_CONF = 2

/** Index into IFLA_INET_CONF: IPV4_DEVCONF_* of linux/ip.h minus one. */
const v4 = {
  forwarding: 0,
  proxyArp: 2,
  rpFilter: 7,
  logMartians: 10,
  arpFilter: 12,
  arpAnnounce: 17,
  arpIgnore: 18,
  acceptLocal: 22,
  srcValidMark: 23,
  routeLocalnet: 25,
  ignoreRoutesWithLinkdown: 28,
} as const
const v4Needed = 29

/** Index into IFLA_INET6_CONF: DEVCONF_* of linux/ipv6.h. */
const v6 = { forwarding: 0, acceptRa: 3, proxyNdp: 22, disableIpv6: 26, acceptDad: 27 } as const
const v6Needed = 28

const families = attributes(AF_INET6)
const inetAttributes = attributes(IFLA_INET_CONF)
const inet6Attributes = attributes(IFLA_INET6_CONF)

const tooFew = unknown('this kernel sends fewer values than are needed')
const notTold = unknown('the kernel did not tell')

export type Confs = { readonly inet: Known<InetConf | null>; readonly inet6: Known<Inet6Conf | null> }

/** null: the link has no configuration of that family (its MTU is too small for IPv6, say). */
export function parseConfs(bytes: Bytes, link: Attributes): Confs {
  if (!has(link, IFLA_AF_SPEC)) return { inet: notTold, inet6: notTold }
  walkNested(bytes, link, IFLA_AF_SPEC, families)
  return { inet: inetConf(bytes), inet6: inet6Conf(bytes) }
}

function inetConf(bytes: Bytes): Known<InetConf | null> {
  if (!has(families, AF_INET)) return null
  walkNested(bytes, families, AF_INET, inetAttributes)
  const at = offsetOf(inetAttributes, IFLA_INET_CONF)
  if (at === 0) return notTold
  if (lengthOf(inetAttributes, IFLA_INET_CONF) < 4 * v4Needed) return tooFew
  return inetValues(bytes, at, at + 4 * v4Needed) ?? notTold
}

const inetValues = remembered(readInetValues, 256)

function readInetValues({ view }: Bytes, at: number): InetConf {
  return {
    forwarding: view.getInt32(at + 4 * v4.forwarding, true),
    rpFilter: view.getInt32(at + 4 * v4.rpFilter, true),
    acceptLocal: view.getInt32(at + 4 * v4.acceptLocal, true),
    routeLocalnet: view.getInt32(at + 4 * v4.routeLocalnet, true),
    srcValidMark: view.getInt32(at + 4 * v4.srcValidMark, true),
    arpIgnore: view.getInt32(at + 4 * v4.arpIgnore, true),
    arpAnnounce: view.getInt32(at + 4 * v4.arpAnnounce, true),
    arpFilter: view.getInt32(at + 4 * v4.arpFilter, true),
    proxyArp: view.getInt32(at + 4 * v4.proxyArp, true),
    ignoreRoutesWithLinkdown: view.getInt32(at + 4 * v4.ignoreRoutesWithLinkdown, true),
    logMartians: view.getInt32(at + 4 * v4.logMartians, true),
  }
}

function inet6Conf(bytes: Bytes): Known<Inet6Conf | null> {
  if (!has(families, AF_INET6)) return null
  walkNested(bytes, families, AF_INET6, inet6Attributes)
  const at = offsetOf(inet6Attributes, IFLA_INET6_CONF)
  if (at === 0) return notTold
  if (lengthOf(inet6Attributes, IFLA_INET6_CONF) < 4 * v6Needed) return tooFew
  return inet6Values(bytes, at, at + 4 * v6Needed) ?? notTold
}

const inet6Values = remembered(readInet6Values, 256)

function readInet6Values({ view }: Bytes, at: number): Inet6Conf {
  return {
    disableIpv6: view.getInt32(at + 4 * v6.disableIpv6, true),
    forwarding: view.getInt32(at + 4 * v6.forwarding, true),
    acceptRa: view.getInt32(at + 4 * v6.acceptRa, true),
    acceptDad: view.getInt32(at + 4 * v6.acceptDad, true),
    proxyNdp: view.getInt32(at + 4 * v6.proxyNdp, true),
  }
}
