/** An engine publishes ports and its chains are not there: somebody flushed or reloaded the rules. */
import type { Finding, Unchecked } from '../../model/finding.ts'
import type { Container, Engine } from '../../model/engine.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Firewall } from '../../model/ruleset.ts'
import { stepwise } from '../stepwise.ts'
import { inside, type FindingContext } from './context.ts'
import type { Check } from './finding.ts'
import { rulesOf } from './outbound.ts'
import { restoreCommand } from './restore-command.ts'

export const engineChainsGone: Check = {
  id: 'F06',
  title: "an engine's chains are gone while it publishes ports",
  check: (context) => stepwise(context.engines, (engine) => checkEngine(context, engine)),
}

/** Of one engine. */
export function checkEngine(context: FindingContext, engine: Engine): readonly (Finding | Unchecked)[] {
  if (engine.rootless || (engine.engine !== 'docker' && engine.engine !== 'podman')) return []
  const netns = engine.netns === null ? undefined : context.byId.get(engine.netns)
  const publishing = listOf(engine.containers).filter(publishes)
  const [first] = publishing
  if (netns === undefined || first === undefined) return []
  const firewall = rulesOf(netns)
  if (isUnknown(firewall)) return [{ id: 'F06', netns: netns.id, unknown: firewall.unknown }]
  if (hasChains(firewall, engine.engine)) return []
  const [port] = first.ports
  const name = engine.engine === 'docker' ? 'Docker' : 'Podman'
  return [
    {
      id: 'F06',
      severity: 'fault',
      subject: name,
      says: `the firewall chains of ${name} are gone: published ports and the way out of ${publishing.length === 1 ? first.name : `${publishing.length} containers`} do not work`,
      evidence: [
        engine.engine === 'docker'
          ? 'no chain DOCKER in table nat, no table docker-bridges'
          : 'no chain NETAVARK-*, no table netavark',
        `${first.name} publishes ${port?.hostPort ?? ''} > ${port?.port ?? ''}/${port?.protocol ?? ''}`,
      ],
      command: restoreCommand(context, engine) ?? inside(context, netns, 'iptables', '-t', 'nat', '-S'),
      netns: netns.id,
      ifindex: null,
    },
  ]
}

function publishes(container: Container): boolean {
  return (
    container.state === 'running' &&
    container.ports.length > 0 &&
    (container.modeKind === 'bridge' || container.modeKind === 'network')
  )
}

function hasChains(firewall: Firewall, engine: 'docker' | 'podman'): boolean {
  return firewall.tables.some((table) => {
    if (engine === 'docker')
      return (
        table.name === 'docker-bridges' ||
        (table.name === 'nat' && table.chains.some((chain) => chain.name === 'DOCKER'))
      )
    return table.name === 'netavark' || table.chains.some((chain) => /^(NETAVARK-|CNI-)/.test(chain.name))
  })
}
