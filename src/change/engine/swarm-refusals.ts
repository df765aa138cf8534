/** A network of a swarm is on all of its hosts: only a manager makes and removes one, and only where that is said. */
import type { Failure } from '../../lib/failure.ts'
import { refusal } from '../planner.ts'
import type { AskedEngine } from './engine-of.ts'

export function swarmRefusals(
  { kind, title, engine }: AskedEngine,
  subject: string,
  swarmWide: boolean,
): readonly Failure[] {
  const { swarm } = engine
  if (kind !== 'docker') return []
  if (swarm === undefined)
    return [{ kind: 'permission', what: `whether ${title} is in a swarm could not be read`, subject }]
  if (swarm === null)
    return [
      refusal(
        subject,
        `${subject} needs a swarm, and this ${title} is in none`,
        'docker swarm init makes one',
      ),
    ]
  if (!swarm.isManager)
    return [
      refusal(
        subject,
        `${subject} concerns the whole swarm, and this host (${swarm.address}) does not manage it`,
        'do it on a manager',
      ),
    ]
  if (!swarmWide)
    return [
      refusal(
        subject,
        `${subject} concerns every host of the swarm, not this one alone`,
        'say --swarm-wide, or swarm_wide: true in a file, if that is meant',
      ),
    ]
  return []
}
