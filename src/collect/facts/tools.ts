/**
 * The programs that vethscope may use, where they are and which version. Only those are asked for their version
 * that answer without touching the kernel: `ipvsadm` loads ip_vs for any word, `ipset` talks to its module, and
 * nft and iptables-nft open a netfilter socket before they look at their arguments, which loads nfnetlink where
 * it is not there.
 */
import { run } from '../../lib/run.ts'
import { which } from '../../lib/which.ts'
import type { Tool } from '../../model/world.ts'
import { answeringProtocols, NETLINK_NETFILTER } from '../kernel/details/netlink-protocols.ts'
import type { ReadProc } from '../kernel/details/read-proc.ts'

type ToolVersion = Tool['tools'][number]

const versionArgument: Readonly<Record<string, string | null>> = {
  ip: '-V',
  bridge: '-V',
  tc: '-V',
  ss: '-V',
  nsenter: '--version',
  unshare: '--version',
  iptables: '--version',
  'iptables-save': '--version',
  'ip6tables-save': '--version',
  'iptables-legacy-save': '--version',
  nft: '--version',
  ebtables: null,
  ipset: null,
  ipvsadm: null,
  conntrack: '--version',
  tcpdump: '--version',
  ethtool: '--version',
  ping: '-V',
  traceroute: '--version',
  wget: '--version',
  curl: '--version',
  docker: '--version',
  podman: '--version',
  ctr: '--version',
  crictl: '--version',
}

const opensNetfilter = new Set(['iptables', 'iptables-save', 'ip6tables-save', 'nft'])

const timeoutMs = 2000
/** A tool that says more than this about its version is cut. */
const maxLength = 120

const versions = new Map<string, string | null>()

/** Each tool is asked once while the program runs; all at the same time. */
export async function readTools(withVersions: boolean, read: ReadProc): Promise<readonly ToolVersion[]> {
  // The kernel goes through the netlink sockets of all namespaces for this: 4 ms where there are a thousand.
  const hasNetfilter = withVersions && answeringProtocols(read)?.has(NETLINK_NETFILTER) === true
  return Promise.all(
    Object.entries(versionArgument).map(async ([name, argument]) => {
      const path = which(name)
      const may = withVersions && (hasNetfilter || !opensNetfilter.has(name))
      if (path === null || argument === null || !may) return { name, path, version: null }
      return { name, path, version: await versionOf(path, argument) }
    }),
  )
}

async function versionOf(path: string, argument: string): Promise<string | null> {
  const known = versions.get(path)
  if (known !== undefined) return known
  const result = await run([path, argument], { timeoutMs, maxBytes: 64 * 1024 })
  const version = result.exitCode === 0 ? versionLine(result.stdout, result.stderr) : null
  versions.set(path, version)
  return version
}

/** The first line that says something; tcpdump and traceroute say it on standard error. */
export function versionLine(stdout: string, stderr: string): string | null {
  const line = `${stdout}\n${stderr}`
    .split('\n')
    .map((each) => each.trim())
    .find((each) => each !== '')
  return line === undefined ? null : line.slice(0, maxLength)
}
