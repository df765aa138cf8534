/** What exists as a file of networks: labs, networks of Docker and Podman, plain veth pairs between named namespaces. */
import { failed, succeeded, type Failure, type Outcome } from '../lib/failure.ts'
import { sanitise } from '../lib/sanitise.ts'
import type { NetworkFile } from '../model/network-file.ts'
import type { World } from '../model/world.ts'
import { nothing, said, together, type Part } from './exported.ts'
import { enginePart } from './from-engine.ts'
import { labOf, labPart } from './from-lab.ts'
import { linksPart } from './from-links.ts'
import { namedNetns } from './namespaces.ts'
import { onlyNetworks } from './only-networks.ts'

export type ExportWish = {
  /** None: all of them. */
  readonly networks: readonly string[]
  readonly engine?: 'lab' | 'docker' | 'podman' | undefined
}

export type Exported = {
  readonly file: NetworkFile
  /** What is there and not in the file, each a sentence that names it. Outside text: sanitise where shown. */
  readonly left: readonly string[]
  /** What could not be read. */
  readonly unread: readonly string[]
}

export function networkFileOf(world: World, { networks, engine }: ExportWish): Outcome<Exported> {
  const wants = (each: ExportWish['engine']): boolean => engine === undefined || engine === each
  const { lab, unread } = labOf(world)
  const named = namedNetns(world, lab)
  const all = together([
    wants('lab') ? { ...nothing, unread } : nothing,
    wants('lab') && lab !== null ? labPart(world, lab, named) : nothing,
    wants('lab') ? linksPart(world, lab, named) : nothing,
    ...(['docker', 'podman'] as const).map((each) => (wants(each) ? enginePart(world, each) : nothing)),
  ])
  const missing = networks.filter((name) => !all.networks.some(([each]) => each === name))
  if (missing.length > 0) return failed(noNetworks(missing, all))
  const part = networks.length === 0 ? all : onlyNetworks(all, networks)
  const doubled = networks.filter((name) => part.networks.filter(([each]) => each === name).length > 1)
  if (doubled.length > 0) return failed(ambiguous(doubled, part))
  return succeeded(fileOf(part))
}

/** Names are keys: of two that share one the first stays. */
function fileOf(part: Part): Exported {
  const left: string[] = [...part.left]
  const record = <T extends object>(what: string, pairs: readonly (readonly [string, T])[]) => {
    const kept = new Map<string, T>()
    for (const [name, value] of pairs) {
      if (kept.has(name))
        left.push(`${what} ${name} of ${engineOf(value)}: another ${what} of this name is in the file`)
      else kept.set(name, value)
    }
    return Object.fromEntries(kept)
  }
  const file: NetworkFile = {
    vethscope: 1,
    ...said({
      networks: record('network', part.networks),
      nodes: record('node', part.nodes),
      containers: record('container', part.containers),
      links: part.links,
    }),
  }
  return { file, left, unread: part.unread }
}

function engineOf(value: object): string {
  return 'engine' in value && typeof value.engine === 'string' ? value.engine : 'the host'
}

function noNetworks(missing: readonly string[], { networks, left, unread }: Part): Failure {
  const shown = missing.map(sanitise).join(', ')
  const known = [...new Set(networks.map(([name]) => sanitise(name)))]
  const why = left.find((each) => missing.some((name) => each.startsWith(`network ${name} of `)))
  if (why !== undefined) return { kind: 'refused', what: `cannot export ${sanitise(why)}`, subject: shown }
  const [unreadable] = unread
  return {
    kind: unreadable === undefined ? 'not-found' : 'permission',
    what: `there is no network ${shown} that could be exported${unreadable === undefined ? '' : `, and not all could be read: ${sanitise(unreadable)}`}`,
    subject: shown,
    hint: known.length === 0 ? 'there is none' : `there are ${known.slice(0, 8).join(', ')}`,
  }
}

function ambiguous(doubled: readonly string[], { networks }: Part): Failure {
  const [name = ''] = doubled
  const engines = networks.flatMap(([each, { engine }]) => (each === name ? [engine] : []))
  const shown = sanitise(name)
  return {
    kind: 'ambiguous',
    what: `network "${shown}" could be that of ${engines.join(' or ')}`,
    subject: shown,
    hint: 'say which with --engine',
  }
}
