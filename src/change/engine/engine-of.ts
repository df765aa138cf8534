/** The engine that a change is asked of, with all that must be known of it; or why it cannot be asked. */
import { sanitise } from '../../lib/sanitise.ts'
import type { Container, Engine, EngineNetwork } from '../../model/engine.ts'
import { isUnknown } from '../../model/known.ts'
import type { Command } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { planned, refusal, refused, type Planned } from '../planner.ts'
import { unreadable } from '../unreadable.ts'
import type { Asked, Dialect } from './dialect.ts'
import { dialects, titles } from './dialects.ts'
import { engineCommand } from './engine-command.ts'

export type EngineKind = 'docker' | 'podman'

export type AskedEngine = {
  readonly kind: EngineKind
  /** `Docker`. */
  readonly title: (typeof titles)[EngineKind]
  readonly engine: Engine
  readonly socket: string
  readonly networks: readonly EngineNetwork[]
  readonly containers: readonly Container[]
  readonly dialect: Dialect
  readonly ask: (asked: Asked) => Command
}

type Which = { readonly engine: EngineKind; readonly socket?: string | undefined }

/** All that is planned is planned from what the engine told: without that nothing is. */
export function engineOf(world: World, which: Which): Planned<AskedEngine> {
  const found = chosen(world, which)
  if (!found.ok) return found
  const engine = found.value
  const kind = which.engine
  const title = titles[kind]
  const { endpoint: socket, networks, containers } = engine
  if (!hasSocket(engine))
    return refused(
      refusal(
        kind,
        `${title} has no socket to ask at`,
        kind === 'podman' ? 'systemctl start podman.socket' : 'systemctl start docker.socket',
      ),
    )
  const shown = `of ${title} at ${sanitise(socket)}`
  if (isUnknown(networks)) return refused(unreadable(kind, `the networks ${shown}`, networks.unknown))
  if (isUnknown(containers)) return refused(unreadable(kind, `the containers ${shown}`, containers.unknown))
  const dialect = dialects[kind]
  const ask = (asked: Asked): Command => engineCommand(socket, asked)
  return planned({ kind, title, engine, socket, networks, containers, dialect, ask })
}

function chosen(world: World, { engine: kind, socket }: Which): Planned<Engine> {
  const title = titles[kind]
  if (isUnknown(world.engines))
    return refused(unreadable(kind, 'the container engines of this host', world.engines.unknown))
  const seen = world.engines.filter(({ engine }) => engine === kind)
  // One that keeps silent is seen a second time, by the processes of its containers.
  const asked = seen.filter(hasSocket)
  const all = asked.length > 0 ? asked : seen
  if (socket !== undefined) {
    const named = all.find(({ endpoint }) => endpoint === socket)
    if (named !== undefined) return planned(named)
    const hint = all.length === 0 ? undefined : `there is ${placesOf(all)}`
    return refused(notFound(kind, `no ${title} answers at ${sanitise(socket)}`, hint))
  }
  const here = all.filter(({ netns }) => netns === null || netns === world.host)
  // The host's own before one that a user runs for himself; one of another host, or in a container, is meant only by its name.
  const own = here.filter(({ rootless }) => !rootless)
  const rootless = all.filter((each) => each.rootless)
  const [first, ...others] = own.length > 0 ? own : rootless
  if (first === undefined) {
    return all.length === 0
      ? refused(notFound(kind, `there is no ${title} on this host`, `is it started? vethscope ls containers`))
      : refused(
          refusal(
            kind,
            `${title} runs on this machine, but not in this network namespace (${placesOf(all)})`,
            'name it by --socket PATH',
          ),
        )
  }
  if (others.length === 0) return planned(first)
  return refused({
    kind: 'ambiguous',
    what: `several ${title} engines run here: ${placesOf([first, ...others])}`,
    subject: kind,
    hint: 'name it by --socket PATH',
  })
}

function hasSocket({ endpoint }: Pick<Engine, 'endpoint'>): boolean {
  return endpoint.startsWith('/')
}

function placesOf(engines: readonly Engine[]): string {
  return engines.map(({ endpoint }) => sanitise(endpoint)).join(', ')
}

function notFound(subject: string, what: string, hint?: string) {
  return { kind: 'not-found', what, subject, ...(hint === undefined ? {} : { hint }) } as const
}
