/** What the forms must know of the host: the engines that can be asked for networks. Taken when a form opens, so that its fields stay. */
import { isUnknown, listOf } from '../../model/known.ts'
import type { Engine } from '../../model/engine.ts'
import type { World } from '../../model/world.ts'

type Values = Readonly<Record<string, string>>

export type AskedEngine = 'docker' | 'podman'

export type FormEngine = {
  readonly engine: AskedEngine
  readonly socket: string
  /** Of a swarm: it can make networks that all of its hosts have. */
  readonly isManager: boolean
  /** Names of networks that are the whole swarm's. */
  readonly swarmWide: readonly string[]
}

export type FormHost = { readonly engines: readonly FormEngine[] }

export function formHostOf(world: World | null): FormHost {
  return { engines: askedEngines(world).map(formEngine) }
}

/** Those that listen on a socket: what only cgroups tell of cannot be asked. */
function askedEngines(world: World | null): readonly (Engine & { readonly engine: AskedEngine })[] {
  return listOf(world?.engines ?? []).flatMap((each) =>
    (each.engine === 'docker' || each.engine === 'podman') && each.endpoint.startsWith('/')
      ? [{ ...each, engine: each.engine }]
      : [],
  )
}

function formEngine({
  engine,
  endpoint,
  swarm,
  networks,
}: Engine & { readonly engine: AskedEngine }): FormEngine {
  const told = isUnknown(networks) ? [] : networks
  return {
    engine,
    socket: endpoint,
    isManager: swarm?.isManager === true,
    swarmWide: told.filter(({ scope }) => scope === 'swarm').map(({ name }) => name),
  }
}

/** `lab`, or what else stands in the field. */
export function engineOf({ engine }: Values): string {
  return engine ?? 'lab'
}

export function isLab(values: Values): boolean {
  return engineOf(values) === 'lab'
}

/** The one that is meant; null: a lab's, or none of that kind was found. */
export function meantEngine({ engines }: FormHost, values: Values): FormEngine | null {
  const own = engines.filter(({ engine }) => engine === engineOf(values))
  return own.find(({ socket }) => socket === values['socket']) ?? own[0] ?? null
}
