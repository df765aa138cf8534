/** Changes on a played host: plans that were made by hand, applied and cleaned up by the real parts in a process of their own there. */
import type { Outcome } from '../../src/lib/failure.ts'
import type { ChangeResult, CleanupResult, JournalChange } from '../../src/model/change-result.ts'
import type { Command, Fact, Plan, Step } from '../../src/model/plan.ts'
import { bundle } from '../support/bundle.ts'
import type { TestHost } from '../support/host.ts'

/** Does what its first argument says and prints the Outcome; `apply` takes a plan from its standard input. */
export function buildChangeProgram(): Promise<string> {
  return bundle(`
    import { readFileSync, writeFileSync } from 'node:fs'
    import { hostChanger } from './src/changer.ts'
    import { liveSource } from './src/source.ts'
    const ended = new AbortController()
    process.on('SIGINT', () => ended.abort())
    const options = { version: '0.0.0-test', reader: 'auto', signal: ended.signal }
    const source = liveSource(options)
    const changer = hostChanger(source, {
      whole: () => liveSource({ ...options, signal: new AbortController().signal }),
      env: {}, self: [], signal: ended.signal, keepAlive: () => () => {},
    })
    const [what] = process.argv.slice(2)
    const said = { onStep: ({ number, step }) => console.error(step.outcome + ' ' + number), onWait: (text) => console.error(text) }
    const outcome =
      what === 'apply' ? await changer.apply(JSON.parse(readFileSync(0, 'utf8')), said)
      : what === 'cleanup' ? await changer.cleanup(said)
      : await changer.journal()
    process.stdout.write(JSON.stringify(outcome))
  `)
}

export type Ran<T> = {
  /** null: it was killed. */
  readonly outcome: Outcome<T> | null
  readonly stderr: string
}

export type ChangeProgram = {
  readonly apply: (plan: Plan, stopAt?: string) => Ran<ChangeResult>
  readonly cleanup: (stopAt?: string) => Ran<CleanupResult>
  readonly journal: () => readonly JournalChange[]
  readonly argv: (what: string) => readonly string[]
}

export function changeProgram(host: TestHost, program: string): ChangeProgram {
  const argv = (what: string) => [process.execPath, program, what]
  const file = '/run/plan.json'
  const run = <T>(what: string, stopAt: string | undefined): Ran<T> => {
    const env = stopAt === undefined ? [] : ['env', `VETHSCOPE_STOP_AT=${stopAt}`]
    const { code, stdout, stderr } = host.try([
      'sh',
      '-c',
      '"$@" < /run/plan.json',
      'sh',
      ...env,
      ...argv(what),
    ])
    if (code === 0) return { outcome: JSON.parse(stdout) as Outcome<T>, stderr }
    if (stopAt !== undefined && stdout === '' && !stderr.includes('Error')) return { outcome: null, stderr }
    throw new Error(`${what}: exit ${code}: ${stderr}${stdout}`)
  }
  return {
    argv,
    apply: (plan, stopAt) => {
      host.run(['tee', file], { input: JSON.stringify(plan) })
      return run('apply', stopAt)
    },
    cleanup: (stopAt) => {
      host.run(['touch', file])
      return run('cleanup', stopAt)
    },
    journal: () => {
      const { outcome } = run<readonly JournalChange[]>('journal', undefined)
      if (outcome?.ok !== true) throw new Error(JSON.stringify(outcome))
      return outcome.value
    },
  }
}

export function command(line: string, input?: string): Command {
  return { argv: line.split(' '), ...(input === undefined ? {} : { input }) }
}

export function step(
  line: string | Command,
  undo: readonly (string | Command)[] | { readonly irreversible: string },
  facts: { readonly before?: readonly Fact[]; readonly after?: readonly Fact[] } = {},
): Step {
  const commandOf = (each: string | Command): Command => (typeof each === 'string' ? command(each) : each)
  const run = commandOf(line)
  return {
    title: run.argv.join(' '),
    command: run,
    undo: 'irreversible' in undo ? undo : undo.map(commandOf),
    before: facts.before ?? [],
    after: facts.after ?? [],
    touches: [],
  }
}

export function planOfSteps(...steps: readonly Step[]): Plan {
  return { intent: { kind: 'netns-add', name: 'made-by-hand' }, title: 'by hand', steps, notes: [] }
}

const at = '/run/netns/web'
const table = 'table ip ours {\n chain c {\n  ip saddr 10.8.0.0/24 counter drop\n }\n}\n'

/** One of each sort: a namespace, a bridge, a pair with one end in the namespace, an address, a sysctl, a file, a table of nft. */
export const sorts: readonly Step[] = [
  step('ip netns add web', ['ip netns del web'], {
    before: [{ kind: 'netns', name: 'web', there: false }],
    after: [{ kind: 'netns', name: 'web', there: true }],
  }),
  step('ip link add lab0 address 02:42:0a:08:00:01 type bridge', ['ip link del lab0'], {
    before: [{ kind: 'link', at: 'host', name: 'lab0', there: false }],
    after: [{ kind: 'link', at: 'host', name: 'lab0', there: true, is: { kind: 'bridge' } }],
  }),
  step('ip link add vweb type veth peer name eth0 netns web', ['ip link del vweb'], {
    before: [
      { kind: 'link', at: 'host', name: 'vweb', there: false },
      { kind: 'link', at, name: 'eth0', there: false },
    ],
    after: [
      { kind: 'link', at: 'host', name: 'vweb', there: true },
      { kind: 'link', at, name: 'eth0', there: true },
    ],
  }),
  step('ip link set vweb master lab0 up', ['ip link set vweb nomaster down'], {
    before: [{ kind: 'link', at: 'host', name: 'vweb', there: true, is: { master: null, up: false } }],
    after: [{ kind: 'link', at: 'host', name: 'vweb', there: true, is: { master: 'lab0', up: true } }],
  }),
  step('ip -n web addr add 10.8.0.2/24 dev eth0', ['ip -n web addr del 10.8.0.2/24 dev eth0'], {
    before: [{ kind: 'address', at, link: 'eth0', address: '10.8.0.2/24', there: false }],
    after: [{ kind: 'address', at, link: 'eth0', address: '10.8.0.2/24', there: true }],
  }),
  step('sysctl -qw net.ipv4.conf.lo.rp_filter=2', ['sysctl -qw net.ipv4.conf.lo.rp_filter=0'], {
    before: [{ kind: 'sysctl', at: 'host', name: 'ipv4.conf.lo.rp_filter', value: '0' }],
    after: [{ kind: 'sysctl', at: 'host', name: 'ipv4.conf.lo.rp_filter', value: '2' }],
  }),
  step(command('tee /run/vethscope-test', 'new\n'), [command('tee /run/vethscope-test', 'old\n')], {
    before: [{ kind: 'file', path: '/run/vethscope-test', text: 'old\n' }],
    after: [{ kind: 'file', path: '/run/vethscope-test', text: 'new\n' }],
  }),
  step(command('nft -f -', table), ['nft delete table ip ours'], {
    before: [{ kind: 'nft-table', at: 'host', family: 'ip', name: 'ours', rules: null }],
    after: [{ kind: 'nft-table', at: 'host', family: 'ip', name: 'ours', rules: { c: 1 } }],
  }),
]
