/** What can happen to a screen, at random: keys, mouse, sizes, the host, and everything that a worker tells. */
import { constant, constantFrom, integer, nat, oneof, record, type Arbitrary } from 'fast-check'
import { connectionsWindow } from '../../src/derive/connections-window.ts'
import { find } from '../../src/derive/find.ts'
import { findings } from '../../src/derive/findings/findings.ts'
import { portsView } from '../../src/derive/ports-view.ts'
import { rulesWindow } from '../../src/derive/rules/rules-window.ts'
import { commands } from '../../src/command/table.ts'
import { netnsId, nsid } from '../../src/model/ids.ts'
import { listOf } from '../../src/model/known.ts'
import type { Netns } from '../../src/model/netns.ts'
import type { World } from '../../src/model/world.ts'
import { screenCommands } from '../../src/screen-commands.ts'
import { keymap } from '../../src/tui/keymap.ts'
import type { ProbeEvent } from '../../src/model/probe.ts'
import type { MouseInput } from '../../src/tui/msg.ts'
import type { Options } from '../../src/tui/state.ts'
import { edits } from '../../src/tui/update/input.ts'
import { probeStarted } from '../../src/tui/update/probes.ts'
import { hostileTexts } from '../support/hostile.ts'
import { address, link, loopback, netns, port } from '../support/world.ts'
import { connection, outward, portsWorld, table } from './ports-world.ts'
import { dockerRules, saved, tablesOf } from './rules-world.ts'
import { lab, making, result } from './change-world.ts'
import { docker } from './engine-world.ts'
import { packet, probeRequests, probeResults } from './probes-world.ts'
import { countersOf, live, screen, type Screen } from './screen.ts'
import { dockerHost } from './worlds.ts'

const all = [
  ...new Set([...keymap.flatMap((binding) => binding.keys), ...Object.keys(edits), 'f5', 'ä', '漢']),
]
/** What opens something, so that one is there often enough. */
const opening = [
  'p',
  't',
  'c',
  '1',
  '2',
  '3',
  '4',
  '4',
  '5',
  '5',
  'a',
  'e',
  'D',
  'u',
  'C-s',
  '6',
  '7',
  'x',
  '?',
  ':',
  '!',
  'f',
  'r',
  'T',
  'o',
  'Y',
  '/',
  '}',
  'enter',
]

const words = [
  'veth',
  'is:down',
  '172.17.0.0/16',
  'kind:veth !redis',
  ':80',
  'nginx1',
  'eth0@if12',
  '漢字🐳',
  'zzz',
  'route nginx1 1.1.1.1',
  'ls links --json',
  '1.1.1.1 --from 172.17.0.2',
  'nginx1:80 --timeout 1',
  'net create lab1 --driver vxlan',
  'link mtu host docker0 1400',
  hostileTexts.title,
]

export type Step =
  | { readonly do: 'key'; readonly key: string }
  | { readonly do: 'paste'; readonly text: string }
  | ({ readonly do: 'mouse' } & MouseInput)
  | { readonly do: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly do: 'toggle'; readonly which: number }
  | { readonly do: 'counters'; readonly grow: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'resend' }
  | { readonly do: 'lost' }
  | { readonly do: 'resumed' }
  /** The worker answers what was asked `late` declarations ago. */
  | { readonly do: 'answer'; readonly grow: number; readonly late: number }
  | { readonly do: 'findings'; readonly count: number }
  | { readonly do: 'log'; readonly which: number }
  | { readonly do: 'ran'; readonly id: number; readonly lines: number }
  | { readonly do: 'saving'; readonly which: number }
  /** What was asked of a change is answered: a plan, a step, an end, a refusal. */
  | { readonly do: 'change'; readonly which: number }
  /** One is started, as the form does. */
  | { readonly do: 'probe'; readonly which: number }
  | { readonly do: 'probe-told'; readonly back: number; readonly count: number }
  | { readonly do: 'probe-ended'; readonly back: number; readonly which: number }

const a = <K extends Step['do']>(name: K) => ({ do: constant(name) })

export const steps: Arbitrary<Step> = oneof(
  { weight: 20, arbitrary: record({ ...a('key'), key: constantFrom(...all) }) },
  { weight: 10, arbitrary: record({ ...a('key'), key: constantFrom(...opening) }) },
  { weight: 3, arbitrary: record({ ...a('paste'), text: constantFrom(...words) }) },
  {
    weight: 4,
    arbitrary: record({
      ...a('mouse'),
      event: constantFrom('click' as const, 'double' as const, 'wheel-up' as const, 'wheel-down' as const),
      row: nat(45),
      column: nat(130),
    }),
  },
  {
    weight: 2,
    arbitrary: record({
      ...a('resize'),
      columns: integer({ min: 1, max: 250 }),
      rows: integer({ min: 1, max: 80 }),
    }),
  },
  // So that most of the time there is something to see.
  {
    weight: 2,
    arbitrary: record({ ...a('resize'), columns: constantFrom(80, 120), rows: constantFrom(24, 40) }),
  },
  { weight: 6, arbitrary: record({ ...a('toggle'), which: nat(11) }) },
  { weight: 2, arbitrary: record({ ...a('counters'), grow: nat(10_000_000) }) },
  { weight: 2, arbitrary: record({ ...a('wait'), ms: integer({ min: 1, max: 4000 }) }) },
  ...(['resend', 'lost', 'resumed'] as const).map((each) => ({ weight: 1, arbitrary: record(a(each)) })),
  { weight: 8, arbitrary: record({ ...a('answer'), grow: nat(3), late: nat(2) }) },
  { weight: 2, arbitrary: record({ ...a('findings'), count: nat(6) }) },
  { weight: 3, arbitrary: record({ ...a('log'), which: nat(9) }) },
  { weight: 2, arbitrary: record({ ...a('ran'), id: nat(3), lines: nat(90) }) },
  { weight: 2, arbitrary: record({ ...a('saving'), which: nat(4) }) },
  { weight: 6, arbitrary: record({ ...a('change'), which: nat(11) }) },
  { weight: 2, arbitrary: record({ ...a('probe'), which: nat(20) }) },
  { weight: 5, arbitrary: record({ ...a('probe-told'), back: nat(3), count: nat(90) }) },
  { weight: 2, arbitrary: record({ ...a('probe-ended'), back: nat(3), which: nat(20) }) },
)

/** With what a screen was opened. */
export const openings: Arbitrary<Omit<Partial<Options>, 'size'>> = record({
  mode: constantFrom('live' as const, 'live' as const, 'replay' as const),
  ascii: constantFrom(false, true),
  mouse: constantFrom(true, false),
  readonly: constantFrom(false, true),
  banner: constantFrom(undefined, `of ${hostileTexts.clear}`),
  keys: constantFrom(undefined, { find: ['F', 'f9'], freeze: ['f'], down: ['s', 'down'], back: ['M-left'] }),
})

export type Playing = { readonly it: Screen; present: Set<number>; bytes: number }

export function opened(options: Omit<Partial<Options>, 'size'>): Playing {
  const given = {
    ...options,
    commands: screenCommands(commands),
    theme: 'dark',
    themes: ['dark', 'light', hostileTexts.oneByteCsi].map((name) => ({ name, title: `${name} one` })),
  }
  const present = new Set<number>()
  if (options.mode !== 'replay') return { it: live(hostOf(present), given), present, bytes: 0 }
  const it = screen({ ...given, file: 'a\x1b[2J.json', world: workerWorld(present, 0) })
  it.send({ type: 'resize', size: it.state.size })
  return { it, present, bytes: 0 }
}

/** A host in which twelve things are there or not. */
function hostOf(present: ReadonlySet<number>): World {
  const base = dockerHost()
  const [host, ...others] = base.netns
  if (host === undefined) throw new Error('no host')
  const has = (which: number): boolean => present.has(which)
  const links = listOf(host.links).flatMap((each) => {
    const which = each.ifindex - 11
    if (which < 0 || which > 3) return has(4) && each.kind === 'bridge' && each.ifindex === 6 ? [] : [each]
    const off = has(5) && which === 1 ? { master: null, slaveKind: null, port: null } : {}
    return has(which) ? [] : [{ ...each, ...off }]
  })
  const extra: readonly Netns[] = [
    ...(has(6) ? [netns(400, 'nested', nested())] : []),
    ...(has(7) ? [netns(401, '漢字\x1b[2J🐳‮'.repeat(4), { links: [loopback()] })] : []),
  ]
  const kept = others.filter((each, at) => !(has(at) && at < 4) && !(has(8) && each.id === netnsId(300)))
  return {
    ...base,
    hostName: has(9) ? 'a-very-long-host-name-that-nobody-would-ever-type.example.net' : base.hostName,
    gaps: has(10) ? [] : base.gaps,
    engines: has(10) ? base.engines : [docker, lab(has(9) ? 3 : null)],
    netns: [{ ...host, links: has(11) ? { unknown: 'permission denied' } : links }, ...kept, ...extra],
  }
}

function nested(): Partial<Netns> {
  return {
    links: [
      loopback(),
      link('bridge', { ifindex: 2, name: 'br0' }),
      link('veth', {
        ifindex: 3,
        name: 'inner',
        master: 2,
        slaveKind: 'bridge',
        port,
        lower: { ifindex: 9, nsid: nsid(7) },
      }),
      link('vlan', { ifindex: 4, name: 'br0.10', lower: { ifindex: 2, nsid: null } }),
    ],
    addresses: [address(4, '2001:db8:1234:5678:9abc:def0:1234:5678/64')],
  }
}

const many = Array.from({ length: 60 }, (_, at) =>
  connection({ from: `172.17.0.3:${50_000 + at}`, to: `198.51.100.${at}:443` }),
)

/** The same host with what only the worker has at hand: rules, sockets, connections. */
function workerWorld(present: ReadonlySet<number>, grow: number): World {
  const bare = hostOf(present)
  const rules = grow === 1 ? [] : tablesOf(saved(grow))
  const full = portsWorld({}, table([outward, ...many.slice(0, grow * 20)]))
  const [ruled] = dockerRules({ tables: rules }).netns
  return {
    ...bare,
    netns: bare.netns.map((each) => {
      const other = full.netns.find(({ id }) => id === each.id)
      if (other === undefined) return each
      const firewall = each.id === bare.host ? (ruled?.firewall ?? null) : other.firewall
      return { ...each, firewall, details: other.details, conntrack: other.conntrack }
    }),
  }
}

export function play(playing: Playing, step: Step): void {
  const { it } = playing
  switch (step.do) {
    case 'key':
      return it.keys(step.key)
    case 'paste':
      return it.send({ type: 'paste', text: step.text })
    case 'mouse':
      return it.send({ type: 'mouse', mouse: step })
    case 'resize':
      return it.send({ type: 'resize', size: { columns: step.columns, rows: step.rows } })
    case 'wait':
      return it.wait(step.ms)
    case 'resumed':
      return it.send({ type: 'resumed' })
    case 'ran':
      return ran(it, step)
    case 'change':
      return changing(it, step.which)
    case 'saving':
      return saving(it, step.which)
    case 'probe':
    case 'probe-told':
    case 'probe-ended':
      return probing(it, step)
    default:
      if (it.state.options.mode === 'live') told(playing, step)
  }
}

type Told = Extract<
  Step,
  { readonly do: 'toggle' | 'counters' | 'resend' | 'lost' | 'answer' | 'findings' | 'log' }
>

function told(playing: Playing, step: Told): void {
  const { it } = playing
  switch (step.do) {
    case 'toggle':
      playing.present = new Set(playing.present)
      if (!playing.present.delete(step.which)) playing.present.add(step.which)
      return it.world(hostOf(playing.present))
    case 'counters':
      playing.bytes += step.grow
      it.now += 1000
      return it.worker(countersOf(hostOf(playing.present).netns, it.now, () => playing.bytes))
    case 'resend': {
      const { netns: changed, changes: _, ...header } = hostOf(playing.present)
      return it.worker({ type: 'world', seq: 1, header, changed, gone: [], complete: true })
    }
    case 'lost':
      return it.send({ type: 'worker-gone', reason: `killed by ${hostileTexts.clear}`, now: it.now })
    case 'answer':
      return answered(playing, step.grow, step.late)
    case 'findings': {
      const found = findings(hostOf(playing.present))
      const value = { ...found, findings: found.findings.slice(0, step.count) }
      return it.worker({ type: 'findings', at: it.now, value })
    }
    case 'log':
      return logged(it, step.which)
  }
}

/** Each need of a declaration; sometimes what was asked for cannot be read. */
function answered({ it, present }: Playing, grow: number, late: number): void {
  const asked = it.effects.filter((each) => each.type === 'need').at(-1 - late)
  if (asked === undefined) return
  const { generation } = asked
  const world = workerWorld(present, grow)
  const failed = grow === 3 ? { unknown: `it hung ${hostileTexts.separators}` } : null
  for (const need of asked.needs) {
    if (need.kind === 'rules') {
      const { netns: of } = need
      const value = failed === null ? rulesWindow(world, of, need) : { netns: of, ...failed }
      it.worker({ type: 'rules', generation, value })
    } else if (need.kind === 'connections') {
      const { netns: of } = need
      const conntrack = world.netns.find(({ id }) => id === of)?.conntrack ?? null
      const value = failed === null ? connectionsWindow(world, of, conntrack, need) : { netns: of, ...failed }
      it.worker({ type: 'connections', generation, value })
    } else if (need.kind === 'ports') {
      const waiting = new Set(grow === 2 ? [world.host] : [])
      it.worker({ type: 'ports', value: portsView(world, waiting) })
    } else if (need.kind === 'details') {
      const details = world.netns.find(({ id }) => id === need.netns)?.details ?? null
      const value = failed ?? details ?? { unknown: 'gone' }
      it.worker({ type: 'details', generation, netns: need.netns, value })
    } else if (need.kind === 'find') {
      it.worker({ type: 'found', text: need.text, value: find(world, need.text) })
    }
  }
}

function logged(it: Screen, which: number): void {
  const kinds = ['command', 'kernel', 'engine', 'screen'] as const
  const texts = Object.values(hostileTexts)
  const text = `${texts[which % texts.length]} of veth${which}`
  const outcome = {
    ok: which % 2 === 0,
    says: 'code 1',
    ms: which * 100,
    stderr: which > 4 ? `${text}\n\n` : null,
  }
  it.worker({
    type: 'log',
    entries: [
      {
        at: it.now,
        since: it.now - which * 1000,
        times: 1 + (which % 3),
        kind: kinds[which % 4] ?? 'command',
        netns: which % 3 === 0 ? null : netnsId(100 + which),
        container: which === 5 ? 'redis123' : null,
        text,
        outcome: which % 2 === 0 ? outcome : null,
      },
    ],
  })
}

function ran(it: Screen, { id, lines }: Extract<Step, { do: 'ran' }>): void {
  const texts = Object.values(hostileTexts)
  const output = Array.from({ length: lines }, (_, at) => `${at}\t${texts[at % texts.length]}`).join('\n')
  const problem = lines % 7 === 0 ? `no such ${hostileTexts.rightToLeft}` : null
  const now = it.now
  it.send({
    type: 'ran',
    id: it.state.asked.runs - id,
    exitCode: problem === null ? lines % 3 : null,
    problem,
    output,
    now,
  })
}

/** Whatever was asked for last; also where that is long over. */
function changing(it: Screen, which: number): void {
  const { now } = it
  const plan = it.effects.findLast((each) => each.type === 'plan-change')
  const made = it.effects.findLast((each) => each.type === 'make-change')
  const hostile = { what: hostileTexts.title, hint: `--confirm-within ${hostileTexts.clear}`, others: [] }
  const outcomes = ['not run', 'done', 'failed', 'undone', 'left'] as const
  const steps = making.map((each, at) => ({
    ...each,
    command: at === 1 ? `${each.command} ${hostileTexts.deleted}` : each.command,
    outcome: outcomes[(which + at) % outcomes.length] ?? 'done',
  }))
  const step = steps[which % steps.length]
  if (plan !== undefined && which < 4)
    it.send({
      type: 'change-planned',
      id: plan.id,
      answer: which === 3 ? { ok: false, failure: hostile } : { ok: true, result: result() },
    })
  else if (made !== undefined && which < 8 && step !== undefined)
    it.send({
      type: 'change-told',
      id: made.id,
      told: { type: 'step', number: which, of: steps.length, step },
    })
  else if (made !== undefined && which < 10)
    it.send({ type: 'change-confirmed', id: made.id, failure: which === 8 ? null : hostile })
  else if (made !== undefined) {
    const done = { id: 4, applied: true, verified: which === 10, steps, notes: [hostileTexts.shifts] }
    const confirmBefore = new Date(now + 5000).toISOString()
    const answer =
      which === 11
        ? ({ ok: true, result: result({ ...done, confirmBefore }) } as const)
        : ({ ok: false, failure: hostile } as const)
    it.send({ type: 'change-ended', id: made.id, answer, now })
  }
}

function saving(it: Screen, which: number): void {
  const id = it.state.asked.snapshots
  const what = `a${hostileTexts.deleted}.json`
  if (which === 4) {
    const failure = { what: `cannot write ${what}`, hint: hostileTexts.shifts, kind: 'refused' as const }
    return it.send({ type: 'text-saved', outcome: { ok: false, failure } })
  }
  if (which === 3) return it.send({ type: 'text-saved', outcome: { ok: true, value: { file: what } } })
  if (it.state.options.mode === 'replay') return
  if (which === 2) return it.worker({ type: 'snapshot-written', id, file: what })
  return it.worker({ type: 'snapshot-progress', id, done: which * 7, total: which * 20 })
}

type Probing = Extract<Step, { readonly do: 'probe' | 'probe-told' | 'probe-ended' }>

/** What the helper tells is as hostile as the servers and packets that it is about. */
function probing(it: Screen, step: Probing): void {
  const { runs } = it.state.probes
  if (step.do === 'probe') {
    const request = probeRequests[step.which % probeRequests.length]
    if (request === undefined) return
    const [state, ...effects] = probeStarted(it.state, request, `${request.kind} ${hostileTexts.title}`)
    it.state = state
    it.effects.push(...effects)
    return it.send({ type: 'resize', size: state.size })
  }
  const run = runs[step.back]
  if (run === undefined || run.outcome !== null) return
  const { number } = run
  if (step.do === 'probe-told') return it.send({ type: 'probe-told', number, events: eventsOf(step.count) })
  const fitting = probeResults.filter(({ kind }) => kind === run.request.kind)
  const value = fitting[step.which % Math.max(1, fitting.length)]
  const failure = {
    kind: 'refused' as const,
    what: `no ${hostileTexts.rightToLeft}`,
    hint: hostileTexts.clear,
  }
  const outcome =
    value === undefined || step.which === 0 ? { ok: false as const, failure } : { ok: true as const, value }
  it.send({ type: 'probe-ended', number, outcome, now: it.now })
}

function eventsOf(count: number): readonly ProbeEvent[] {
  const texts = Object.values(hostileTexts)
  return Array.from({ length: count }, (_, at): ProbeEvent => {
    const text = `${at} ${texts[at % texts.length]}`
    if (count % 5 === 0) return { type: 'packet', packet: { ...packet(at, text), summary: text } }
    if (at % 7 === 1) return { type: 'sample', ms: at % 2 === 0 ? at : null }
    if (at % 7 === 2) return { type: 'progress', done: at, total: count }
    if (at % 31 === 3) return { type: 'told', text, ok: at % 2 === 0 }
    return { type: 'line', at, text, tone: at % 3 === 0 ? 'bad' : 'plain' }
  })
}
