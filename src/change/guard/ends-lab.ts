/** Which labs would be lost with a plan: a namespace that plays a host takes its bridges along, and their nodes stay behind alone. */
import type { Failure } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { isUnknown } from '../../model/known.ts'
import type { HostLab } from '../../model/lab.ts'
import type { Netns } from '../../model/netns.ts'
import type { Plan } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'

/** `isOfDead`: what is kept of a lab there is of a namespace that had this inode before. */
export function endsLab(
  world: World,
  plan: Plan,
  isOfDead: (host: HostLab['host']) => boolean,
): readonly Failure[] {
  const { labs } = world
  if (labs === undefined || isUnknown(labs)) return []
  const gone = goneNames(plan)
  if (gone.size === 0) return []
  return labs.flatMap((lab) => {
    const netns = world.netns.find(({ id }) => id === lab.host)
    if (netns === undefined || lab.host === world.host || isEmpty(lab)) return []
    const names = namesOf(netns)
    const [name] = names
    if (name === undefined || !names.every((each) => gone.has(each)) || isOfDead(lab.host)) return []
    return [lost(name, lab)]
  })
}

/** That the plan takes away and does not bring back. */
function goneNames({ steps }: Plan): ReadonlySet<string> {
  const gone = new Set<string>()
  for (const fact of steps.flatMap(({ after }) => after)) {
    if (fact.kind !== 'netns') continue
    if (fact.there) gone.delete(fact.name)
    else gone.add(fact.name)
  }
  return gone
}

function namesOf({ names }: Netns): readonly string[] {
  return names.flatMap(({ name, source }) => (source === 'named' ? [name] : []))
}

function isEmpty({ networks, nodes, masquerades }: HostLab): boolean {
  return networks.length + nodes.length + masquerades.length === 0
}

function lost(netns: string, { networks, nodes }: HostLab): Failure {
  const some = [
    ...networks.map(({ name }) => `network ${name}`),
    ...nodes.map(({ name }) => `node ${name}`),
  ].map(sanitise)
  const shown = some.length === 0 ? 'its masquerading' : some.slice(0, 4).join(', ')
  const name = sanitise(netns)
  return {
    kind: 'refused',
    what: `netns ${name} plays the host of a lab (${shown}${some.length > 4 ? ' …' : ''}), which would be lost with it`,
    subject: name,
    hint: `take that down first: vethscope --host ${name} node rm, net rm; or the example that made it by --remove`,
  }
}
