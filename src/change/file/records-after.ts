/** The lab's records, and what is in /etc/netns, as files that a plan writes leave them. */
import { isUnknown } from '../../model/known.ts'
import type { HostLab, LabMasquerade, LabNetwork, LabNode } from '../../model/lab.ts'
import type { Fact } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import type { EtcNetns, PlanContext } from '../planner.ts'

type PathFact = Extract<Fact, { readonly kind: 'file' | 'folder' }>

export function afterRecord(world: World, fact: PathFact, { folder }: PlanContext): World {
  const { labs } = world
  if (fact.kind !== 'file' || (labs !== undefined && isUnknown(labs))) return world
  const [, kind, name] = fact.path.startsWith(`${folder}/lab/`)
    ? (/^(network|node|masquerade)-(.+)\.json$/.exec(fact.path.slice(folder.length + 5)) ?? [])
    : []
  if (kind === undefined || name === undefined) return world
  const record: unknown = fact.text === null ? null : JSON.parse(fact.text)
  const own = labs?.find(({ host }) => host === world.host) ?? emptyLab(world)
  const lab = withRecord(own, kind, name, record)
  const isThere = labs?.includes(own) === true
  const all = isThere ? labs.map((each) => (each === own ? lab : each)) : [...(labs ?? []), lab]
  return { ...world, labs: all, engines: withoutGone(world.engines, world, lab) }
}

function emptyLab({ host }: World): HostLab {
  return { host, networks: [], nodes: [], masquerades: [], unfinished: null }
}

function withRecord(lab: HostLab, kind: string, name: string, record: unknown): HostLab {
  switch (kind) {
    case 'network':
      return {
        ...lab,
        networks: replaced(lab.networks, (each) => each.name, name, record as LabNetwork | null),
      }
    case 'node':
      return { ...lab, nodes: replaced(lab.nodes, (each) => each.name, name, record as LabNode | null) }
    default:
      return {
        ...lab,
        masquerades: replaced(lab.masquerades, masqueradeName, name, record as LabMasquerade | null),
      }
  }
}

function masqueradeName({ at, subnet, out }: LabMasquerade): string {
  return [at, subnet, out ?? 'any'].join('-').replaceAll('/', '_')
}

/** In the order in which they are read: by the names of their files (collect/lab). */
function replaced<T>(
  all: readonly T[],
  nameOf: (each: T) => string,
  name: string,
  record: T | null,
): readonly T[] {
  const others = all.filter((each) => nameOf(each) !== name)
  const file = (each: T): string => `${nameOf(each)}.json`
  return (record === null ? others : [...others, record]).toSorted((a, b) => (file(a) < file(b) ? -1 : 1))
}

/** The lab as an engine: a name that is free again is nobody's. What is new is found by its records. */
function withoutGone(
  engines: World['engines'],
  { host }: World,
  { nodes, networks }: HostLab,
): World['engines'] {
  if (isUnknown(engines)) return engines
  const [nodeNames, networkNames] = [nodes, networks].map((all) => new Set(all.map(({ name }) => name)))
  return engines.map((engine) => {
    if (engine.engine !== 'lab' || engine.netns !== host) return engine
    const only = <T extends { readonly name: string }>(
      all: readonly T[] | { readonly unknown: string },
      names: ReadonlySet<string> | undefined,
    ) => (isUnknown(all) ? all : all.filter(({ name }) => names?.has(name) === true))
    return {
      ...engine,
      containers: only(engine.containers, nodeNames),
      networks: only(engine.networks, networkNames),
    }
  })
}

const etcNetns = '/etc/netns'

export function afterFile(context: PlanContext, fact: PathFact): PlanContext {
  const paths = [fact.path, ...(fact.kind === 'file' ? (fact.also ?? []) : [])]
  const below = paths.filter((path) => path.startsWith(`${etcNetns}/`))
  if (below.length === 0) {
    if (fact.kind !== 'folder' || fact.path !== etcNetns) return context
    return { ...context, etcNetns: fact.there ? (context.etcNetns ?? new Map()) : null }
  }
  const folders = new Map(context.etcNetns ?? [])
  for (const path of below) {
    const [name = '', file] = path.slice(etcNetns.length + 1).split('/')
    if (fact.kind === 'folder') {
      if (fact.there) folders.set(name, new Map())
      else folders.delete(name)
    } else if (file !== undefined) folders.set(name, withFile(folders.get(name), file, fact.text))
  }
  return { ...context, etcNetns: folders }
}

function withFile(
  files: ReadonlyMap<string, string | null> | undefined,
  file: string,
  text: string | null,
): NonNullable<EtcNetns> extends ReadonlyMap<string, infer F> ? F : never {
  const all = new Map(files ?? [])
  if (text === null) all.delete(file)
  else all.set(file, text)
  return all
}
