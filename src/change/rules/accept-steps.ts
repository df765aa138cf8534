/**
 * Accepts in the rules of others, where the last drop would come from: at the head of DOCKER-USER, at the head of iptables'
 * FORWARD or INPUT, by a zone of firewalld, or nowhere.
 */
import type { Failure } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { labMark } from '../../model/lab-words.ts'
import type { Lab } from '../../model/lab.ts'
import type { Netns } from '../../model/netns.ts'
import type { Command, Step } from '../../model/plan.ts'
import type { Chain, Firewall, NfTable } from '../../model/ruleset.ts'
import type { World } from '../../model/world.ts'
import type { Spot } from '../at.ts'
import { planned, refusal, refused, type PlanContext, type Planned } from '../planner.ts'
import { unreadable } from '../unreadable.ts'
import { acceptsOf, matchesOf, type Accept } from './accept.ts'
import { dropsOf, withoutOurs, type Drop } from './drops.ts'
import { foreignRule, foreignRulesGone } from './foreign-rule.ts'
import { bridged, type Bridged, type RuleFamily } from './reach.ts'
import { zoneStep, zoneStepsGone } from './zone-step.ts'

export type AcceptSteps = {
  readonly given: readonly Step[]
  /** What is not needed any more. */
  readonly taken: readonly Step[]
}

type Asked = {
  readonly world: World
  readonly host: Netns
  readonly spot: Spot
  readonly before: Lab
  readonly after: Lab
  readonly context: PlanContext
}

const families: readonly RuleFamily[] = ['ip', 'ip6']

/** Only of networks that change: what was given to the others stays as it is. Where nothing changes, what was lost of any is given again. */
export function acceptSteps(asked: Asked): Planned<AcceptSteps> {
  const { host, before, after } = asked
  const isSame = before === after
  const changing = isSame ? bridged(after).map(({ name }) => name) : changedNetworks(before, after)
  if (changing.length === 0) return planned({ given: [], taken: [] })
  if (host.firewall === null) return refused(unreadable('host', 'rules of the host', 'they were not read'))
  const [unread] = host.firewall.unread
  if (unread !== undefined)
    return refused(unreadable('host', 'rules of the host', unread.unknown, unread.hint))
  const wanted: Accept[] = []
  const steps = new Map<string, Step>()
  /** One a chain: what it would drop of the rest says nothing more. */
  const refusals = new Map<Chain, Failure>()
  const others = withoutOurs(host.firewall)
  for (const family of families) {
    const networks = bridged(after).filter(({ name }) => changing.includes(name))
    for (const accept of networks.flatMap((each) => acceptsOf(asked.world, after, each, family))) {
      wanted.push(accept)
      for (const drop of dropsOf(others, accept.hook, accept.packets)) {
        const step = stepAgainst(asked, host.firewall, { accept, drop, family })
        if (!step.ok) {
          const [why] = step.refusals
          if (why !== undefined && !refusals.has(drop.chain)) refusals.set(drop.chain, why)
          continue
        }
        if (step.value.step !== null) steps.set(step.value.key, step.value.step)
      }
    }
  }
  if (refusals.size > 0) return refused(...refusals.values())
  const kept = new Set(wanted.map(({ comment }) => comment))
  const taken = (isSame ? [] : bridged(before))
    .filter(({ name }) => changing.includes(name))
    .flatMap((network) => stepsGone(asked, host.firewall, network, kept))
  return planned({
    given: [...steps.values()],
    taken,
  })
}

function changedNetworks(before: Lab, after: Lab): readonly string[] {
  const names = new Set([...before.networks, ...after.networks].map(({ name }) => name))
  const told = (lab: Lab, name: string): string =>
    JSON.stringify([
      lab.networks.find((each) => each.name === name) ?? null,
      lab.nodes.filter(({ endpoints }) => endpoints.some(({ network }) => network === name)),
    ])
  return [...names].filter((name) => told(before, name) !== told(after, name))
}

type Against = { readonly accept: Accept; readonly drop: Drop; readonly family: RuleFamily }
type Given = { readonly key: string; readonly step: Step | null }
const nothing: Given = { key: '', step: null }

function stepAgainst(asked: Asked, firewall: Firewall, against: Against): Planned<Given> {
  const { accept, drop, family } = against
  const { table } = drop
  if (table.backend !== 'nft' && table.name === 'filter') return iptablesStep(asked, against)
  if (table.name === 'firewalld') {
    const step = zoneStep(asked.spot, firewall, accept.network, asked.context)
    return step.ok ? planned({ ...nothing, key: `zone ${accept.network.bridge}`, step: step.value }) : step
  }
  const place = placeOf(drop)
  if (table.backend === 'nft' && accept.network.acceptInForeign) {
    if (isThere(asked.host.firewall, table, drop.chain.name, accept.comment)) return planned(nothing)
    const key = `${table.family} ${table.name} ${drop.chain.name} ${accept.comment}`
    return planned({ ...nothing, key, step: foreignRule(asked.spot, drop, accept, family) })
  }
  if (accept.isSpare) return planned(nothing)
  return refused(
    refusal(
      accept.network.name,
      `${place} would drop ${accept.what}, and an accept in another table cannot help`,
      table.backend === 'nft'
        ? 'accept it there: --accept-in-foreign puts a marked rule into that chain'
        : undefined,
    ),
  )
}

/** `rule 3 of chain transit (table inet fw)`. */
function placeOf({ at, table, chain }: Drop): string {
  const where = `(table ${table.family} ${sanitise(table.name)})`
  return at.rule === null
    ? `the policy of chain ${sanitise(chain.name)} ${where}`
    : `rule ${at.rule.number} of chain ${sanitise(at.chain.name)} ${where}`
}

function iptablesStep({ spot, context, host }: Asked, { accept, drop, family }: Against): Planned<Given> {
  const { table } = drop
  const user = drop.chain.name === 'FORWARD' && table.chains.some(({ name }) => name === 'DOCKER-USER')
  const chain = user ? 'DOCKER-USER' : drop.chain.name
  if (isThere(host.firewall, table, chain, accept.comment)) return planned(nothing)
  const tool = toolOf(table, family, context)
  if (tool === null) {
    const name = family === 'ip' ? 'iptables' : 'ip6tables'
    return refused(refusal(name, `${name} is needed to accept ${accept.what} and is not installed`))
  }
  const matches = matchesOf(accept.comment, accept.network.bridge, family)
  if (matches === null) return planned(nothing)
  const step = ruleStep(
    spot,
    { table, chain, tool, comment: accept.comment, matches: matches.iptables },
    family,
  )
  return planned({
    ...nothing,
    key: `${table.backend} ${family} ${accept.comment}`,
    step: { ...step, title: `accept ${accept.what} (${tool}, ${chain})` },
  })
}

/** In the table as it was read, with rules of ours. */
function isThere(firewall: Firewall | null, table: NfTable, chainName: string, comment: string): boolean {
  const { backend, family, name } = table
  const found = firewall?.tables.find(
    (each) => each.backend === backend && each.family === family && each.name === name,
  )
  const chain = found?.chains.find((each) => each.name === chainName)
  return chain?.rules.some((rule) => rule.comment === comment) === true
}

/** Where both are installed, `iptables` is one of them, and only the other's name says which. */
function toolOf({ backend }: NfTable, family: RuleFamily, { tools }: PlanContext): string | null {
  const base = family === 'ip' ? 'iptables' : 'ip6tables'
  const own = backend === 'iptables-legacy' ? `${base}-legacy` : `${base}-nft`
  return tools.has(own) ? own : tools.has(base) ? base : null
}

type IptablesRule = {
  readonly table: NfTable
  readonly chain: string
  readonly tool: string
  readonly comment: string
  readonly matches: readonly string[]
}

/** At the head: DOCKER-USER of older engines ends with RETURN, and others' last rule rejects. */
function ruleStep(
  spot: Spot,
  { table, chain, tool, comment, matches }: IptablesRule,
  family: RuleFamily,
): Step {
  const spec = [...matches, '-m', 'comment', '--comment', comment, '-j', 'ACCEPT']
  const run = (how: string): Command => spot.inside([tool, '-w', '-t', 'filter', how, chain, ...spec])
  const fact = (there: boolean) =>
    ({
      kind: 'rule',
      at: spot.at,
      backend: table.backend,
      family,
      table: 'filter',
      chain,
      comment,
      there,
    }) as const
  return {
    title: comment,
    command: run('-I'),
    // Exit code 1: it is not there.
    undo: [{ ...run('-D'), also: [1] }],
    after: [fact(true)],
    before: [fact(false)],
    touches: [{ path: [spot.at, `${tool} filter ${chain}`, `rule:${comment}`], how: 'add' }],
  }
}

/** Those that stand in the rules of others and are wanted no more. */
function stepsGone(
  { spot, after, context }: Asked,
  firewall: Firewall | null,
  network: Bridged,
  wanted: ReadonlySet<string>,
): readonly Step[] {
  if (firewall === null) return []
  const isGone = (comment: string | null): comment is string =>
    comment !== null && comment.startsWith(`${labMark}:${network.name}:`) && !wanted.has(comment)
  const steps = firewall.tables
    .filter(({ backend, name }) => backend !== 'nft' && name === 'filter')
    .flatMap((table) =>
      table.chains.flatMap((chain) =>
        chain.rules.flatMap(({ comment }) => {
          const family = table.family === 'ip6' ? 'ip6' : 'ip'
          const tool = toolOf(table, family, context)
          const matches = isGone(comment) ? matchesOf(comment, network.bridge, family) : null
          if (comment === null || matches === null || tool === null) return []
          const made = ruleStep(
            spot,
            { table, chain: chain.name, tool, comment, matches: matches.iptables },
            family,
          )
          return [reversed(made, `take the accept ${comment} out of ${chain.name}`)]
        }),
      ),
    )
  const isLeft = after.networks.some(({ name }) => name === network.name)
  return [
    ...steps,
    ...foreignRulesGone(spot, firewall, network, isGone),
    ...(isLeft ? [] : zoneStepsGone(spot, firewall, network, context)),
  ]
}

function reversed({ command, undo, after, before, touches }: Step, title: string): Step {
  const [back] = Array.isArray(undo) ? (undo as readonly Command[]) : []
  return {
    title,
    command: back ?? command,
    undo: [command],
    after: before,
    before: after,
    touches: touches.map((touch) => ({ ...touch, how: 'delete' })),
  }
}
