import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import type { NetworkFile } from '../model/network-file.ts'
import type { World } from '../model/world.ts'
import type { Exported } from '../netfile/from-world.ts'
import { command } from './command.ts'
import { gapsOf } from './gaps.ts'

const formats = ['yaml', 'json', 'script'] as const
type Format = (typeof formats)[number]

/** The JSON of `net export` (docs/json.md). */
export type NetworkFileShape = {
  /** null: standard output. */
  readonly file: string | null
  readonly format: Format
  readonly bytes: number
  readonly networks: number
  readonly nodes: number
  readonly containers: number
  readonly links: number
  /** What is there and cannot be said in it. */
  readonly left: readonly string[]
  /** What could not be read. */
  readonly unread: readonly string[]
  /** null: it is in the file. */
  readonly text: string | null
}

export const netExport = command({
  name: 'net export',
  summary: 'networks that exist as a file for net apply, or as a shell script',
  description: [
    'The lab’s networks and nodes, networks of Docker and Podman with the containers on them, and plain veth pairs between named namespaces. Only what is not the default is written. What a file has no words for is named in comments at its head.',
    'Format script: plain commands (ip, nft, docker, podman) that make the same on another host without vethscope. They are for a host without a firewall that does not forward yet; elsewhere net apply looks first and does what is right there.',
    'The file is made anew, readable only by its owner; an existing one is never written over.',
  ],
  examples: [
    'vethscope net export',
    'vethscope net export -o lab.yaml && vethscope net apply lab.yaml --dry-run',
    'vethscope net export lab0 --engine lab --format script -o lab0.sh',
  ],
  needs: 'world',
  arguments: {
    networks: {
      value: 'NETWORK',
      summary: 'only these, with who is on them; default: all',
      required: false,
      many: true,
      names: 'networks',
    },
  },
  options: {
    engine: {
      type: 'choice',
      value: 'ENGINE',
      choices: ['lab', 'docker', 'podman'],
      summary: 'only what is of this one; lab: also plain veth pairs',
    },
    format: { type: 'choice', value: 'FORMAT', choices: formats, summary: 'default: yaml' },
    output: { type: 'text', value: 'FILE', short: 'o', summary: 'where to; default and -: standard output' },
  },
  run: async ({ source }, { networks, engine, format: asked, output = '-' }) => {
    const format = asked ?? 'yaml'
    if (output === '') return failed({ kind: 'usage', what: '--output: the name of the file is empty' })
    const [{ refusalToWrite, writeNewFile }, { networkFileOf }] = await Promise.all([
      import('../lib/new-file.ts'),
      import('../netfile/from-world.ts'),
    ])
    // Said before the host is read.
    const refusal = output === '-' ? null : await refusalToWrite(output)
    if (refusal !== null) return failed(refusal)
    // An engine that is only busy is waited for: without it the file would not be whole.
    const read = await source.readWorld({ details: false, patient: true })
    if (!read.ok) return read
    const world = read.value
    const exported = networkFileOf(world, { networks, engine })
    if (!exported.ok) return exported
    const text = await textOf(world, exported.value, format)
    if (!text.ok) return text
    if (output !== '-') {
      const written = await writeNewFile(output, (handle) => handle.writeFile(text.value))
      if (!written.ok) return written
    }
    const { left, unread } = exported.value
    return succeeded({
      kind: 'network-file',
      data: {
        file: output === '-' ? null : output,
        format,
        bytes: Buffer.byteLength(text.value),
        ...countsOf(exported.value.file),
        left,
        unread,
        text: output === '-' ? text.value : null,
      },
      answer: unread.length === 0 ? 'yes' : 'unknown',
      gaps: gapsOf(world),
    })
  },
})

async function textOf(world: World, exported: Exported, format: Format): Promise<Outcome<string>> {
  const { headOf } = await import('../netfile/head.ts')
  if (format === 'script') {
    const { networkScript } = await import('../netfile/script.ts')
    return networkScript(world, exported.file, headOf(world, exported, format))
  }
  const { networkFileText } = await import('../netfile/write-network-file.ts')
  return succeeded(networkFileText(exported.file, { format, head: headOf(world, exported, format) }))
}

function countsOf({ networks = {}, nodes = {}, containers = {}, links = [] }: NetworkFile) {
  return {
    networks: Object.keys(networks).length,
    nodes: Object.keys(nodes).length,
    containers: Object.keys(containers).length,
    links: links.length,
  }
}
