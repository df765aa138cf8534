/** Writes back what an engine would have written, without starting it anew. */
import { expectedRules, type EngineChain } from '../../derive/engine-rules/engine-rules.ts'
import { isUnknown } from '../../model/known.ts'
import { sysctl } from '../../derive/nexthops.ts'
import type { Firewall } from '../../model/ruleset.ts'
import type { World } from '../../model/world.ts'
import { hostSpot } from '../at.ts'
import { engineOf, type AskedEngine } from '../engine/engine-of.ts'
import {
  planned,
  refusal,
  refused,
  type Drafted,
  type PlanContext,
  type Planned,
  type Planner,
} from '../planner.ts'
import { unreadable } from '../unreadable.ts'
import { backendOf, type IptablesBackend } from './backend-of.ts'
import { labRules } from './lab-rules.ts'
import { podmanReload } from './podman-reload.ts'
import { strangeRules } from './strange-rules.ts'
import { tableSteps } from './table-steps.ts'

export const rulesRestore: Planner<'rules-restore'> = (world, intent, context) => {
  const { engine: whose, socket } = intent
  if (whose === 'lab') return labRules(world, context)
  const asked = engineOf(world, { engine: whose, socket })
  if (!asked.ok) return asked
  const { title, engine, kind } = asked.value
  if (engine.rootless)
    return refused(
      refusal(kind, `this ${title} is rootless: it writes no rules on the host that could be lost`),
    )
  if (engine.netns !== null && engine.netns !== world.host)
    return refused(
      refusal(
        kind,
        `this ${title} runs in another network namespace than this host’s`,
        'say which host is meant: --host NETNS',
      ),
    )
  return kind === 'podman'
    ? podmanReload(world, asked.value, context)
    : dockerRules(world, asked.value, context)
}

function dockerRules(
  world: World,
  { title, engine, kind }: AskedEngine,
  context: PlanContext,
): Planned<Drafted> {
  const spot = hostSpot(world, context)
  const firewall = spot.netns?.firewall ?? null
  if (firewall === null) return refused(unreadable('host', 'rules of the host', 'they were not read'))
  const [unread] = firewall.unread
  if (unread !== undefined)
    return refused(unreadable('host', 'rules of the host', unread.unknown, unread.hint))
  const expected = expectedRules(world, engine)
  if (isUnknown(expected))
    return refused(
      refusal(
        kind,
        `what ${title} would have written cannot be told: ${expected.unknown}`,
        'systemctl restart docker writes all of it, and restarts containers',
      ),
    )
  const backend = backendOf(firewall, context)
  if (!backend.ok) return backend
  const { chains } = expected
  const steps = tableSteps({ spot, firewall, chains, backend: backend.value, context, title })
  if (!steps.ok) return steps
  const isNothing = steps.value.length === 0
  const forwards = spot.netns === null ? null : sysctl(spot.netns, 'ipv4.ip_forward')
  return planned({
    title: isNothing ? `nothing of ${title}’s rules is lost` : `write back rules of ${title}`,
    steps: steps.value,
    notes: [
      ...expected.notes,
      ...strangeRules(firewall, chains, backend.value, title),
      ...(isNothing ? [] : openPolicy(firewall, chains, title)),
      ...lostForGood(firewall, backend.value),
      ...(forwards === 0
        ? ['net.ipv4.ip_forward is 0: nothing is passed on, whatever the rules say (F01)']
        : []),
    ],
  })
}

/** Up to 27 no rule, only the policy keeps others from what is not published. */
function openPolicy({ tables }: Firewall, chains: readonly EngineChain[], title: string): readonly string[] {
  const policy = tables
    .filter(({ name, family, backend }) => name === 'filter' && family === 'ip' && backend !== 'nft')
    .flatMap(({ chains }) => chains)
    .find(({ name }) => name === 'FORWARD')?.policy
  if (policy === 'drop' || !chains.some(({ name }) => name === 'DOCKER-ISOLATION-STAGE-1')) return []
  return [
    `the policy of FORWARD is not DROP and stays so: ${title} sets it only when it turns forwarding on itself (iptables -P FORWARD DROP)`,
  ]
}

/** What users put there is kept by nobody. */
function lostForGood({ tables }: Firewall, backend: IptablesBackend): readonly string[] {
  const isThere = tables.some(
    (table) =>
      table.backend === backend &&
      table.family === 'ip' &&
      table.chains.some(({ name }) => name === 'DOCKER-USER'),
  )
  return isThere ? [] : ['chain DOCKER-USER was gone: rules that somebody had put into it are not known']
}
