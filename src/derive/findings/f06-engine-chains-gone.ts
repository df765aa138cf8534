/** An engine publishes ports and its chains are not there, or a lab's rules are not: somebody flushed or reloaded the rules. */
import type { Pieces } from '../../lib/in-pieces.ts'
import type { Finding, Unchecked } from '../../model/finding.ts'
import type { Container, Engine } from '../../model/engine.ts'
import { labMark } from '../../model/lab-words.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Firewall } from '../../model/ruleset.ts'
import { closedPorts } from './closed-ports.ts'
import { inside, type FindingContext } from './context.ts'
import type { Check } from './finding.ts'
import { labRulesGone } from './lab-rules-gone.ts'
import { listing, placeText, rulesOf } from './outbound.ts'
import { restoreCommand } from './restore-command.ts'

export const engineChainsGone: Check = {
  id: 'F06',
  title: "an engine's chains are gone while it publishes ports, or a lab's rules",
  *check(context) {
    const found: (Finding | Unchecked)[] = []
    for (const engine of context.engines) {
      const gone = checkEngine(context, engine)
      found.push(...(gone.length > 0 ? gone : yield* checkPorts(context, engine)))
    }
    return found
  },
}

/** Whether all of them are gone, of one engine. */
export function checkEngine(context: FindingContext, engine: Engine): readonly (Finding | Unchecked)[] {
  if (engine.engine === 'lab') return checkLab(context, engine)
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

/** Its chains are there, and what let its published ports pass is not. */
function* checkPorts(context: FindingContext, engine: Engine): Pieces<readonly Finding[]> {
  const netns = engine.netns === null ? undefined : context.byId.get(engine.netns)
  const firewall = netns === undefined ? null : rulesOf(netns)
  if (engine.engine !== 'docker' || engine.rootless || netns === undefined) return []
  // Unknown: said already.
  if (firewall === null || isUnknown(firewall)) return []
  const closed = yield* closedPorts(context, engine, firewall)
  const [first, ...others] = closed
  if (first === undefined) return []
  const { container, port, place } = first
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return [
    {
      id: 'F06',
      severity: 'fault',
      subject: 'Docker',
      says: `what lets packets pass to published ports of Docker is gone: port ${port.hostPort}/${port.protocol} of ${container.name}${more} cannot be reached from outside`,
      evidence: [
        `${container.name} publishes ${port.hostPort} > ${port.port}/${port.protocol}`,
        placeText(place),
      ],
      command: restoreCommand(context, engine) ?? inside(context, netns, ...listing(place)),
      netns: netns.id,
      ifindex: null,
    },
  ]
}

function checkLab(context: FindingContext, engine: Engine): readonly (Finding | Unchecked)[] {
  const lab = listOf(context.world.labs ?? []).find(({ host }) => host === engine.netns)
  const netns = lab === undefined ? undefined : context.byId.get(lab.host)
  const nodes = listOf(engine.containers).filter(
    ({ state, endpoints }) => state === 'running' && endpoints.length > 0,
  )
  if (lab === undefined || netns === undefined || nodes.length === 0) return []
  const firewall = rulesOf(netns)
  if (isUnknown(firewall)) return [{ id: 'F06', netns: netns.id, unknown: firewall.unknown }]
  const gone = labRulesGone(lab, firewall)
  if (gone.length === 0) return []
  const what = [...new Set(gone.flatMap((each) => each.what))]
  const [last = '', ...before] = what.toReversed()
  const all = before.length === 0 ? last : `${before.toReversed().join(', ')} and ${last}`
  return [
    {
      id: 'F06',
      severity: 'fault',
      subject: 'lab',
      says: `the rules of the lab are gone: ${all} ${what.length === 1 && !last.endsWith('ports') ? 'does' : 'do'} not work`,
      evidence: gone.map(({ family }) => `no table ${family} ${labMark}`),
      command: restoreCommand(context, engine) ?? inside(context, netns, 'nft', 'list', 'ruleset'),
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
