/** The probe where there is no FFI: two small processes instead of netlink, and no count to check against. */
import { isUnknown, unknown, type Known } from '../../model/known.ts'
import type { NfFamily } from '../../model/ruleset.ts'
import { readModules } from '../facts/modules.ts'
import { NETLINK_NETFILTER, protocolsEverywhere } from '../kernel/details/netlink-protocols.ts'
import { readProc } from '../kernel/details/read-proc.ts'
import { parseNftJson } from './parse-nft-json.ts'
import { legacyFiles, legacyTables, type NftSeen, type Probe } from './probe.ts'
import { runTool, type ToolContext } from './run-tool.ts'

export async function probeByTools(context: ToolContext): Promise<Probe> {
  const [nft, files] = await Promise.all([askNft(context), readFiles(context)])
  return { generation: null, nft, ipsets: mayHold('ip_set'), ...files }
}

/** `true` where it may: the tool will tell. */
function mayHold(module: string): Known<boolean> {
  const modules = readModules()
  if (isUnknown(modules)) return modules
  const protocols = protocolsEverywhere(readProc, modules)
  if (protocols === null) return unknown('/proc/net/netlink cannot be read')
  if (!protocols.has(NETLINK_NETFILTER)) return false
  if (!modules.loadable) return true
  return modules.has(module) ?? unknown(`not known whether the kernel has ${module}: asking could load it`)
}

async function askNft(context: ToolContext): Promise<Known<NftSeen>> {
  const may = mayHold('nf_tables')
  if (isUnknown(may)) return may
  if (!may) return { tables: [], chains: null, compat: false }
  const listed = await runTool(
    { names: ['nft'], package: 'nftables', arguments: ['-j', 'list', 'tables'] },
    context,
  )
  if (listed.failure !== null) return unknown(listed.failure.unknown)
  const parsed = parseNftJson(listed.stdout)
  if (!parsed.ok) return unknown(parsed.failure.what)
  const tables = parsed.value.map(({ family, name, handle, flags }) => ({
    family: family satisfies NfFamily,
    name,
    handle: handle ?? 0,
    flags,
  }))
  const modules = readModules()
  return { tables, chains: null, compat: isUnknown(modules) || modules.has('nft_compat') !== false }
}

const wanted = [...legacyFiles.map(({ file }) => file), 'ip_vs'] as const

/** grep puts the file's name before each line. It complains of those that are not there, and ends with 2. */
async function readFiles(context: ToolContext): Promise<Pick<Probe, 'legacy' | 'ipvs'>> {
  const paths = wanted.map((file) => `/proc/self/net/${file}`)
  const answer = await runTool({ names: ['grep'], package: 'grep', arguments: ['-H', '', ...paths] }, context)
  const absent = /No such file or directory|exit code 1$/
  if (answer.failure !== null && !absent.test(answer.failure.unknown)) {
    const reason = unknown(answer.failure.unknown)
    return { legacy: reason, ipvs: reason }
  }
  const lines = answer.stdout.split('\n')
  const contentOf = (file: string): string => {
    const start = `/proc/self/net/${file}:`
    return lines.flatMap((line) => (line.startsWith(start) ? [line.slice(start.length)] : [])).join('\n')
  }
  const services = contentOf('ip_vs')
  return {
    legacy: legacyFiles.flatMap(({ family, file }) => legacyTables(family, contentOf(file))),
    ipvs: services === '' ? null : services,
  }
}
