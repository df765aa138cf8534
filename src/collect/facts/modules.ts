/**
 * Kernel modules: loaded, built in, or not there. A built-in one leaves no line in /proc/modules, so it is looked
 * for in what the distribution installs beside its kernel, in the kernel's own configuration, and in what the
 * module shows in /proc and /sys while it works. Where nothing tells, the answer is "not known" (null), not "no".
 */
import { existsSync, readFileSync } from 'node:fs'
import { release } from 'node:os'
import { gunzipSync } from 'node:zlib'
import { unknown, type Known } from '../../model/known.ts'
import { readProc, reasonOf } from '../kernel/details/read-proc.ts'

export type KernelModules = {
  /** False: this kernel cannot load modules at all (CONFIG_MODULES is off), so asking it loads none. */
  readonly loadable: boolean
  readonly loaded: ReadonlySet<string>
  /** Whether a module is there now; null where nothing tells. */
  has(name: string): boolean | null
}

/** What decides a packet's fate, with its configuration symbol and what it shows while it works. */
const decisive: Readonly<Record<string, { readonly config: string; readonly traces?: readonly string[] }>> = {
  arp_tables: { config: 'IP_NF_ARPTABLES', traces: ['/proc/net/arp_tables_names'] },
  bridge: { config: 'BRIDGE', traces: ['/sys/module/bridge'] },
  br_netfilter: { config: 'BRIDGE_NETFILTER', traces: ['/proc/sys/net/bridge'] },
  ebtables: { config: 'BRIDGE_NF_EBTABLES' },
  ip_set: { config: 'IP_SET', traces: ['/sys/module/ip_set'] },
  ip_tables: { config: 'IP_NF_IPTABLES', traces: ['/proc/net/ip_tables_names'] },
  ip6_tables: { config: 'IP6_NF_IPTABLES', traces: ['/proc/net/ip6_tables_names'] },
  ip_vs: { config: 'IP_VS', traces: ['/proc/net/ip_vs'] },
  ipip: { config: 'NET_IPIP' },
  iptable_filter: { config: 'IP_NF_FILTER' },
  iptable_mangle: { config: 'IP_NF_MANGLE' },
  iptable_nat: { config: 'IP_NF_NAT' },
  iptable_raw: { config: 'IP_NF_RAW' },
  ip6table_filter: { config: 'IP6_NF_FILTER' },
  ip6table_nat: { config: 'IP6_NF_NAT' },
  ipvlan: { config: 'IPVLAN' },
  macvlan: { config: 'MACVLAN' },
  nf_conntrack: { config: 'NF_CONNTRACK', traces: ['/proc/sys/net/netfilter/nf_conntrack_count'] },
  nf_nat: { config: 'NF_NAT' },
  nf_tables: { config: 'NF_TABLES' },
  nft_compat: { config: 'NFT_COMPAT' },
  openvswitch: { config: 'OPENVSWITCH', traces: ['/sys/module/openvswitch'] },
  tun: { config: 'TUN' },
  veth: { config: 'VETH' },
  vxlan: { config: 'VXLAN', traces: ['/sys/module/vxlan'] },
  wireguard: { config: 'WIREGUARD', traces: ['/sys/module/wireguard'] },
  xfrm_user: { config: 'XFRM_USER' },
  '8021q': { config: 'VLAN_8021Q', traces: ['/proc/net/vlan'] },
}

/** The list of world.modules; names of which nothing is known are left out. */
export function decisiveModules(modules: Known<KernelModules>): Known<Readonly<Record<string, boolean>>> {
  if ('unknown' in modules) return modules
  return Object.fromEntries(
    Object.keys(decisive).flatMap((name) => {
      const there = modules.has(name)
      return there === null ? [] : [[name, there] as const]
    }),
  )
}

/** What is loaded is read each time: a module may have been unloaded since, and asking would load it again. */
export function readModules(): Known<KernelModules> {
  const content = readProc('modules')
  if (typeof content !== 'string' && content.errno !== 'ENOENT') {
    return unknown(`/proc/modules: ${reasonOf(content)}`)
  }
  // Without CONFIG_MODULES there is no such file; where /proc itself is missing nothing can be told.
  if (typeof content !== 'string' && !existsSync('/proc/version')) return unknown('/proc is not mounted')
  const loaded = parseModules(typeof content === 'string' ? content : '')
  return kernelModules({
    loadable: typeof content === 'string',
    loaded,
    builtIn: builtIn(),
    isTraced: (path) => existsSync(path),
  })
}

export type ModuleSources = {
  readonly loadable: boolean
  readonly loaded: ReadonlySet<string>
  readonly builtIn: BuiltIn
  readonly isTraced: (path: string) => boolean
}

/** What is part of the kernel image: by module name, or by configuration symbol; null where there is no such list. */
export type BuiltIn = {
  readonly names: ReadonlySet<string> | null
  readonly symbols: ReadonlySet<string> | null
}

/** Puts the sources together; apart from reading them, so that it can be tested with other kernels' lists. */
export function kernelModules({ loadable, loaded, builtIn, isTraced }: ModuleSources): KernelModules {
  return {
    loadable,
    loaded,
    has: (name) => {
      if (loaded.has(name) || builtIn.names?.has(name) === true) return true
      const config = decisive[name]?.config ?? configSymbols[name]
      if (config !== undefined && builtIn.symbols?.has(config) === true) return true
      if (decisive[name]?.traces?.some((path) => isTraced(path)) === true) return true
      // Neither loaded nor in a complete list of what is built in.
      const listed = builtIn.names !== null || (config !== undefined && builtIn.symbols !== null)
      return listed ? false : null
    },
  }
}

/** Modules that only single readers ask about. */
const configSymbols: Readonly<Record<string, string>> = {
  inet_diag: 'INET_DIAG',
  tcp_diag: 'INET_TCP_DIAG',
  udp_diag: 'INET_UDP_DIAG',
  raw_diag: 'INET_RAW_DIAG',
  nf_conntrack_netlink: 'NF_CT_NETLINK',
}

/** First column of /proc/modules; a module that is still loading or already going does not count. */
export function parseModules(content: string): ReadonlySet<string> {
  return new Set(
    content
      .split('\n')
      .map((line) => line.split(' '))
      .filter((columns) => columns[4] === 'Live')
      .map((columns) => columns[0] ?? ''),
  )
}

/** `kernel/net/bridge/br_netfilter.ko` → br_netfilter; file names may have `-` where the module has `_`. */
export function parseBuiltIn(content: string): ReadonlySet<string> {
  return new Set(
    content.split('\n').flatMap((line) => {
      const name = /([^/]+)\.ko$/.exec(line.trim())?.[1]
      return name === undefined ? [] : [name.replaceAll('-', '_')]
    }),
  )
}

/** Symbols that are built in: `CONFIG_VETH=y`. */
export function parseKernelConfig(content: string): ReadonlySet<string> {
  return new Set([...content.matchAll(/^CONFIG_(\w+)=y$/gm)].map((match) => match[1] ?? ''))
}

let cachedBuiltIn: BuiltIn | null = null

/** The image does not change while it runs, so this is read once. */
function builtIn(): BuiltIn {
  cachedBuiltIn ??= readBuiltIn()
  return cachedBuiltIn
}

function readBuiltIn(): BuiltIn {
  const names = tryRead(`/lib/modules/${release()}/modules.builtin`)
  if (names !== null) return { names: parseBuiltIn(names.toString('utf8')), symbols: null }
  const packed = tryRead('/proc/config.gz')
  const config = packed === null ? tryRead(`/boot/config-${release()}`) : unpack(packed)
  return { names: null, symbols: config === null ? null : parseKernelConfig(config.toString('utf8')) }
}

function tryRead(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}

function unpack(packed: Buffer): Buffer | null {
  try {
    return gunzipSync(packed, { maxOutputLength: 16 * 1024 * 1024 })
  } catch {
    return null
  }
}
