/** Whatever is pressed and whatever happens to the host: nothing thrown, nothing outside its region, nothing lost. */
import {
  array,
  assert,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  property,
  record,
  type Arbitrary,
} from 'fast-check'
import { expect, test } from 'vitest'
import { width } from '../../src/lib/width.ts'
import { findings } from '../../src/derive/findings/findings.ts'
import { rulesWindow } from '../../src/derive/rules/rules-window.ts'
import { netnsId, nsid } from '../../src/model/ids.ts'
import { listOf } from '../../src/model/known.ts'
import type { Netns } from '../../src/model/netns.ts'
import type { World } from '../../src/model/world.ts'
import { edits } from '../../src/tui/update/input.ts'
import { keymap } from '../../src/tui/keymap.ts'
import { isAnswer, rulesWindowOf } from '../../src/tui/select/rules.ts'
import { treeOf } from '../../src/tui/select/tree.ts'
import { shown } from '../../src/tui/select/shown.ts'
import { address, link, loopback, netns, port } from '../support/world.ts'
import { dockerRules, saved, tablesOf } from './rules-world.ts'
import { countersOf, live, type Screen } from './screen.ts'
import { dockerHost } from './worlds.ts'

const keys = [
  ...new Set([...keymap.flatMap((binding) => binding.keys), ...Object.keys(edits), 'f5', 'ä', '漢']),
].filter((key) => !['C-c', 'C-z', 'q'].includes(key))
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
]

type Step =
  | { readonly do: 'key'; readonly key: string }
  | { readonly do: 'paste'; readonly text: string }
  | { readonly do: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly do: 'toggle'; readonly which: number }
  | { readonly do: 'counters'; readonly grow: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'resend' }
  | { readonly do: 'lost' }
  /** The worker answers what was asked `late` declarations ago. */
  | { readonly do: 'rules'; readonly grow: number; readonly late: number }
  | { readonly do: 'findings'; readonly count: number }

const steps: Arbitrary<Step> = oneof(
  { weight: 12, arbitrary: record({ do: constant('key' as const), key: constantFrom(...keys) }) },
  { weight: 1, arbitrary: record({ do: constant('paste' as const), text: constantFrom(...words) }) },
  {
    weight: 1,
    arbitrary: record({
      do: constant('resize' as const),
      columns: integer({ min: 1, max: 210 }),
      rows: integer({ min: 1, max: 70 }),
    }),
  },
  { weight: 4, arbitrary: record({ do: constant('toggle' as const), which: nat(11) }) },
  { weight: 1, arbitrary: record({ do: constant('counters' as const), grow: nat(10_000_000) }) },
  {
    weight: 1,
    arbitrary: record({ do: constant('wait' as const), ms: integer({ min: 1, max: 4000 }) }),
  },
  { weight: 2, arbitrary: record({ do: constant('resend' as const) }) },
  { weight: 1, arbitrary: record({ do: constant('lost' as const) }) },
  { weight: 3, arbitrary: record({ do: constant('rules' as const), grow: nat(3), late: nat(2) }) },
  { weight: 1, arbitrary: record({ do: constant('findings' as const), count: nat(6) }) },
)

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

type Playing = { readonly it: Screen; present: Set<number>; bytes: number; seq: number }

function play(playing: Playing, step: Step): void {
  const { it } = playing
  switch (step.do) {
    case 'key':
      return it.keys(step.key)
    case 'paste':
      return it.send({ type: 'paste', text: step.text })
    case 'resize':
      return it.send({ type: 'resize', size: step })
    case 'toggle':
      playing.present = new Set(playing.present)
      if (!playing.present.delete(step.which)) playing.present.add(step.which)
      return it.world(hostOf(playing.present))
    case 'counters':
      playing.bytes += step.grow
      it.now += 1000
      return it.worker(countersOf(hostOf(playing.present).netns, it.now, () => playing.bytes))
    case 'wait':
      return it.wait(step.ms)
    case 'resend': {
      const { netns, changes: _, ...header } = hostOf(playing.present)
      return it.worker({ type: 'world', seq: 1, header, changed: netns, gone: [], complete: true })
    }
    case 'rules':
      return answered(it, step)
    case 'findings': {
      const all = findings(hostOf(playing.present))
      const value = { ...all, findings: all.findings.slice(0, step.count) }
      return it.worker({ type: 'findings', at: it.now, value })
    }
    case 'lost':
      return it.send({ type: 'worker-gone', reason: 'killed by SIGKILL', now: it.now })
  }
}

/** Sometimes the rules are gone, sometimes they cannot be read, mostly they have grown. */
function answered(it: Screen, { grow, late }: Extract<Step, { readonly do: 'rules' }>): void {
  const asked = it.effects.filter((each) => each.type === 'need').at(-1 - late)
  const need = asked?.needs.find((each) => each.kind === 'rules')
  if (asked === undefined || need?.kind !== 'rules') return
  const { netns } = need
  const world = grow === 1 ? dockerRules({ tables: [] }) : dockerRules({ tables: tablesOf(saved(grow)) })
  const value = grow === 3 ? { netns, unknown: 'it hung' } : rulesWindow(world, netns, need)
  it.worker({ type: 'rules', generation: asked.generation, value })
}

function check(it: Screen): void {
  const frame = it.frame()
  const { columns, rows } = it.state.size
  expect([frame.columns, frame.rows]).toEqual([columns, rows])
  for (const region of frame.regions) {
    const { top, left, height, lines } = region
    const inside =
      top >= 0 && left >= 0 && height >= 0 && top + height <= rows && left + region.width <= columns
    if (!inside)
      throw new Error(
        `${region.id} is outside: ${JSON.stringify({ top, left, height, width: region.width, columns, rows })}`,
      )
    if (lines.length > height) throw new Error(`${region.id} has ${lines.length} lines for ${height}`)
    for (const line of lines) {
      const text = line.spans.map((span) => span.text).join('')
      if (width(text) > region.width) throw new Error(`${region.id} is wider than ${region.width}: ${text}`)
      if (/[\p{Cc}\p{Cf}🐳]/u.test(text))
        throw new Error(`${region.id} holds what no terminal should get: ${JSON.stringify(text)}`)
    }
  }
  const { cursor } = frame
  if (cursor !== null && (cursor.row >= rows || cursor.column >= columns))
    throw new Error('the cursor is outside')
  const { selection, ghost } = it.state.topology
  const list = treeOf(it.state)
  if (selection === null) expect(list.lines.length).toBe(0)
  else if (!list.at.has(selection.row))
    throw new Error(`${selection.row} is selected and neither there nor gone`)
  if (ghost !== null) expect(shown(it.state).world).not.toBe(null)
  if (it.state.mode.type === 'browse') {
    const rules = frame.regions.find((region) => region.id === 'rules')
    const window = rulesWindowOf(it.state)
    if (rules !== undefined && window !== null && isAnswer(it.state) && window.size > 0) {
      const chosen = rules.lines.filter((line) => line.selected === true)
      if (chosen.length !== 1)
        throw new Error(`${chosen.length} chosen rules at ${JSON.stringify(it.state.rules)}`)
    }
  }
  // The selected row is in sight.
  const tree = frame.regions.find((region) => region.id === 'tree')
  const mode = it.state.mode.type
  if (tree !== undefined && selection !== null && (mode === 'browse' || mode === 'filter')) {
    const marked = tree.lines.filter(
      (line) =>
        line.spans.some((span) => span.role === 'key' && span.text.startsWith('>')) ||
        line.spans[0]?.text.startsWith('>'),
    )
    if (marked.length !== 1)
      throw new Error(`${marked.length} marked rows for ${selection.row} at ${it.state.topology.top}`)
  }
}

test('2,000 random keys, resizes and changes of the world', () => {
  assert(
    property(array(steps, { minLength: 50, maxLength: 80 }), (list) => {
      const playing: Playing = { it: live(hostOf(new Set())), present: new Set(), bytes: 0, seq: 1 }
      for (const step of list) {
        play(playing, step)
        check(playing.it)
      }
    }),
    { numRuns: Number(process.env['FC_RUNS'] ?? 40) },
  )
}, 60_000)
