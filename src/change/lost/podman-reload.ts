/** Podman writes the rules of all its containers anew itself when it is asked to, and stops nothing for that. */
import { isUnknown } from '../../model/known.ts'
import type { World } from '../../model/world.ts'
import { hostSpot } from '../at.ts'
import type { AskedEngine } from '../engine/engine-of.ts'
import { planned, refusal, refused, type Drafted, type PlanContext, type Planned } from '../planner.ts'

/** Where root's Podman listens when nothing else is said (podman-system-service(1)). */
const usualSocket = '/run/podman/podman.sock'

export function podmanReload(
  world: World,
  { engine, containers, socket, kind }: AskedEngine,
  context: PlanContext,
): Planned<Drafted> {
  const running = containers.filter(({ state }) => state === 'running')
  if (running.length === 0) return planned({ title: 'no container of Podman runs', steps: [], notes: [] })
  const places = placesOf(world, socket, engine.netns)
  if (places === null)
    return refused(
      refusal(
        kind,
        'where this Podman keeps its containers (--root, --runroot) is not known',
        'podman network reload --all, with the options that it was started with',
      ),
    )
  const spot = hostSpot(world, context)
  return planned({
    title: 'let Podman write its rules anew',
    steps: [
      {
        title: `podman network reload --all: rules of ${running.length} ${running.length === 1 ? 'container' : 'containers'}`,
        command: spot.inside(['podman', ...places, 'network', 'reload', '--all']),
        undo: { irreversible: 'which rules were missing is known to Podman alone' },
        after: [],
        before: [],
        touches: [{ path: [`engine:${socket}`, 'rules'], how: 'change' }],
      },
    ],
    notes: [
      'which rules are missing is for Podman to find; it also makes the links of its running containers anew, so that open connections of theirs end',
    ],
  })
}

/** The options before `system service` of the process that serves the socket; null: not known. */
function placesOf(
  { processes }: World,
  socket: string,
  netns: AskedEngine['engine']['netns'],
): readonly string[] | null {
  if (isUnknown(processes)) return null
  const services = processes
    .filter((each) => each.comm === 'podman' && each.netns === netns)
    .flatMap(({ args = [] }) => {
      const at = args.indexOf('system')
      return at > 0 && args[at + 1] === 'service'
        ? [{ options: args.slice(1, at), rest: args.slice(at + 2) }]
        : []
    })
  const urls = (rest: readonly string[]): readonly string[] => rest.filter((each) => each.includes(':'))
  const named = services.find(({ rest }) => urls(rest).includes(`unix://${socket}`))
  const unnamed = services.find(({ rest }) => urls(rest).length === 0)
  const service = named ?? (socket === usualSocket ? unnamed : undefined)
  if (service !== undefined) return service.options
  // systemd starts it when it is asked something.
  return socket === usualSocket && services.length === 0 ? [] : null
}
