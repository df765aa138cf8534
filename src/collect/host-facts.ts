/** What is true of the host as a whole, and of the program on it: everything in the World beside its namespaces. */
import { hostname, machine, release } from 'node:os'
import { unknown, type Known } from '../model/known.ts'
import type { Tool, World } from '../model/world.ts'
import { readCapabilities } from './facts/capabilities.ts'
import { decisiveModules, readModules } from './facts/modules.ts'
import { readOptionalPackages } from './facts/optional-packages.ts'
import { readSoftnet } from './facts/softnet.ts'
import { readTerminal } from './facts/terminal.ts'
import { readTools } from './facts/tools.ts'
import { readProc, reasonOf, type ReadProc } from './kernel/details/read-proc.ts'
import { readSysctls } from './kernel/details/sysctls.ts'

export type HostFacts = Pick<
  World,
  'bootId' | 'hostName' | 'kernel' | 'arch' | 'tool' | 'modules' | 'sysctls' | 'softnet'
>

export type FactsWanted = {
  /** Runs each tool to ask for its version, once, and loads what is optional: for `about` and snapshots. */
  readonly versions: boolean
  readonly reader: Tool['reader']
  /** The program's own; without it that of the build. */
  readonly version?: string
  /** In a worker there is no terminal to look at: whoever started it passes what it saw. */
  readonly terminal?: Tool['terminal']
}

/** Sysctls that exist once a host. */
const hostSysctls = [
  'netfilter.nf_conntrack_max',
  ...['ipv4', 'ipv6'].flatMap((family) =>
    [1, 2, 3].map((level) => `${family}.neigh.default.gc_thresh${level}`),
  ),
]

/** Nothing here fails: each piece is read, or says why not. */
export async function readHostFacts(wanted: FactsWanted, read: ReadProc = readProc): Promise<HostFacts> {
  return {
    bootId: readBootId(read),
    hostName: hostname(),
    kernel: release(),
    arch: machine(),
    modules: decisiveModules(readModules()),
    sysctls: readSysctls(read, hostSysctls),
    softnet: readSoftnet(read),
    tool: {
      version: wanted.version ?? process.env.VETHSCOPE_VERSION ?? 'unknown',
      node: process.version,
      reader: wanted.reader,
      optional: await readOptionalPackages(wanted.versions),
      uid: process.geteuid?.() ?? -1,
      capabilities: readCapabilities(read),
      tools: await readTools(wanted.versions, read),
      terminal: wanted.terminal ?? readTerminal(),
    },
  }
}

function readBootId(read: ReadProc): Known<string> {
  const content = read('sys/kernel/random/boot_id')
  return typeof content === 'string' ? content.trim() : unknown(`boot_id: ${reasonOf(content)}`)
}
