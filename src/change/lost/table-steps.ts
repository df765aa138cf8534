/**
 * One `iptables-restore --noflush` a table: chains that are gone, then rules that are gone, each at its place. The rules get no
 * comment that says whose they are: an engine looks for its own rules word for word (`iptables -C`) and would write them a second
 * time. That they are ours to take away stands in the journal.
 */
import type { EngineChain } from '../../derive/engine-rules/engine-rules.ts'
import type { Command, Fact, Step } from '../../model/plan.ts'
import type { Firewall } from '../../model/ruleset.ts'
import type { Spot } from '../at.ts'
import { planned, refusal, refused, type PlanContext, type Planned } from '../planner.ts'
import { restoreTool, type IptablesBackend } from './backend-of.ts'
import { merged, type Placed } from './merged.ts'

type Asked = {
  readonly spot: Spot
  readonly firewall: Firewall
  readonly chains: readonly EngineChain[]
  readonly backend: IptablesBackend
  readonly context: PlanContext
  readonly title: string
}

type Lost = EngineChain & { readonly isGone: boolean; readonly placed: readonly Placed[] }

/** What forbids comes before what leads there. */
const tables = ['raw', 'mangle', 'filter', 'nat'] as const

export function tableSteps(asked: Asked): Planned<readonly Step[]> {
  const steps: Step[] = []
  for (const family of ['ip', 'ip6'] as const) {
    for (const table of tables) {
      const lost = lostOf(asked, family, table)
      if (lost.length === 0) continue
      const tool = restoreTool(asked.backend, family, asked.context)
      if (tool === null)
        return refused(
          refusal(
            family === 'ip' ? 'iptables' : 'ip6tables',
            `${asked.title}’s rules are in ${asked.backend}, and its iptables-restore is not installed`,
            'apt-get install iptables',
          ),
        )
      steps.push(...tableMade(asked, family, table), stepOf(asked, tool, family, table, lost))
    }
  }
  return planned(steps)
}

function tableThere({ firewall, backend }: Asked, family: 'ip' | 'ip6', table: string) {
  return firewall.tables.find(
    (each) => each.backend === backend && each.family === family && each.name === table,
  )
}

function lostOf(asked: Asked, family: 'ip' | 'ip6', table: string): readonly Lost[] {
  const has = tableThere(asked, family, table)
  return asked.chains
    .filter((chain) => chain.family === family && chain.table === table)
    .flatMap((chain) => {
      const there = has?.chains.find(({ name }) => name === chain.name)
      const placed = merged(there?.rules.map(({ text }) => text) ?? [], chain.rules)
      const isGone = chain.isOwn && there === undefined
      return isGone || placed.length > 0 ? [{ ...chain, isGone, placed }] : []
    })
}

function stepOf(
  asked: Asked,
  tool: string,
  family: 'ip' | 'ip6',
  table: string,
  lost: readonly Lost[],
): Step {
  const { spot, backend, title } = asked
  const command = (lines: readonly string[], more: Omit<Command, 'argv' | 'input'> = {}): Command =>
    spot.inside([tool, '-w', '--noflush'], { input: `*${table}\n${lines.join('\n')}\nCOMMIT\n`, ...more })
  const gone = lost.filter(({ isGone }) => isGone)
  const count = lost.reduce((sum, { placed }) => sum + placed.length, 0)
  const facts = (there: boolean): readonly Fact[] =>
    lost.flatMap(({ name, isGone, placed }) => {
      const fact = (lines: readonly string[]): Fact => ({
        kind: 'chain-rules',
        at: spot.at,
        backend,
        family,
        table,
        chain: name,
        lines,
        there,
      })
      const rules = placed.length === 0 ? [] : [fact(placed.map(({ text }) => text))]
      return [...(isGone ? [fact([])] : []), ...rules]
    })
  const chains = gone.length === 0 ? '' : `${gone.map(({ name }) => name).join(', ')} and `
  return {
    title: `write back ${chains}${count} ${count === 1 ? 'rule' : 'rules'} of ${title} in table ${family} ${table}`,
    // Naming a chain that is there would empty it.
    command: command([
      ...gone.map(({ name }) => `:${name} - [0:0]`),
      ...lost.flatMap(({ name, placed }) =>
        placed.map(({ text, number }) =>
          number === null ? `-A ${name} ${text}` : `-I ${name} ${number} ${text}`,
        ),
      ),
    ]),
    undo: [
      command([
        ...lost.flatMap(({ name, placed }) => placed.map(({ text }) => `-D ${name} ${text}`)),
        ...gone.map(({ name }) => `-X ${name}`),
      ]),
    ],
    after: facts(true),
    before: facts(false),
    touches: lost.map(({ name }) => ({
      path: [spot.at, `iptables:${family} ${table}`, `chain:${name}`],
      how: 'add' as const,
    })),
  }
}

const hooks: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
}

/**
 * A table that is not there yet is made by itself, so that it goes again; unless somebody put rules of his own into it: the kernel
 * deletes no chain that has any (exit code 1). Adding a chain before its deletion makes sure that there is one to delete. Both ways
 * can be gone any number of times, so no facts have to tell.
 */
function tableMade(asked: Asked, family: 'ip' | 'ip6', table: string): readonly Step[] {
  const { spot, backend, context } = asked
  if (backend === 'iptables-legacy' || tableThere(asked, family, table) !== undefined) return []
  if (!context.tools.has('nft')) return []
  const of = `${family} ${table}`
  const gone = [
    `add table ${of}`,
    ...(hooks[table] ?? []).flatMap((hook) => [`add chain ${of} ${hook}`, `delete chain ${of} ${hook}`]),
    `delete table ${of}`,
  ]
  return [
    {
      title: `make table ${of}`,
      command: spot.inside(['nft', 'add', 'table', family, table]),
      undo: [spot.inside(['nft', '-f', '-'], { input: `${gone.join('\n')}\n`, also: [1] })],
      after: [],
      before: [],
      touches: [{ path: [spot.at, `iptables:${of}`], how: 'add' }],
    },
  ]
}
