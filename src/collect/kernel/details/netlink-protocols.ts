/**
 * Which netlink protocols the kernel answers in this namespace. Opening a socket of one that is not there makes
 * the kernel load its module (net-pf-16-proto-N); a look at /proc/net/netlink does not: there the kernel's own
 * sockets stand with port id 0.
 */
import type { KernelModules } from '../../facts/modules.ts'
import type { ReadProc } from './read-proc.ts'

export const NETLINK_SOCK_DIAG = 4
export const NETLINK_XFRM = 6
export const NETLINK_NETFILTER = 12

/** Protocol numbers, or null where the file cannot be read. */
export function answeringProtocols(read: ReadProc): ReadonlySet<number> | null {
  const content = read('thread-self/net/netlink')
  return typeof content === 'string' ? parseProtocols(content) : null
}

let kept: { readonly modules: string; readonly protocols: ReadonlySet<number> } | null = null

/**
 * The same for many namespaces: to read the file once, the kernel walks the netlink sockets of all namespaces (2 ms
 * where there are 300). sock_diag and xfrm_user have a socket in every namespace while they are loaded, so one
 * namespace's answer is that of all until a module comes or goes. `modules` null: not known, so asked again.
 */
export function protocolsEverywhere(
  read: ReadProc,
  modules: KernelModules | null,
): ReadonlySet<number> | null {
  const key = modules === null ? null : [...modules.loaded].join(' ')
  if (kept !== null && kept.modules === key) return kept.protocols
  const protocols = answeringProtocols(read)
  kept = protocols === null || key === null ? null : { modules: key, protocols }
  return protocols
}

/** Columns: socket, protocol ("Eth"), port id, groups … */
export function parseProtocols(content: string): ReadonlySet<number> {
  return new Set(
    content
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns.length > 3 && columns[2] === '0')
      .map((columns) => Number(columns[1])),
  )
}
