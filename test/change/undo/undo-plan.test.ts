import { expect, test } from 'vitest'
import type { Entry } from '../../../src/change/apply/entry.ts'
import { undoPlan } from '../../../src/change/undo/undo-plan.ts'
import type { Fact, Plan, Step } from '../../../src/model/plan.ts'
import type { World } from '../../../src/model/world.ts'
import { plan, step } from '../../support/plan.ts'
import { link, loopback, netns, port, world } from '../../support/world.ts'

const at = 'host'
const command = (text: string) => ({ argv: text.split(' ') })
const linkFact = (name: string, there: boolean, is = {}): Fact => ({
  kind: 'link',
  at,
  name,
  there,
  ...(there ? { is } : {}),
})

const makeLab0 = step('make bridge lab0', {
  command: command('ip link add lab0 type bridge'),
  undo: [command('ip link del lab0')],
  before: [linkFact('lab0', false)],
  after: [linkFact('lab0', true, { kind: 'bridge', mtu: 1500 })],
  touches: [{ path: [at, 'link:lab0'], how: 'add' }],
})
const mark = step('mark it', {
  command: command('ip link set lab0 alias vethscope'),
  before: [linkFact('lab0', true, { alias: null })],
  after: [linkFact('lab0', true, { alias: 'vethscope' })],
  touches: [{ path: [at, 'link:lab0'], how: 'change', what: 'alias' }],
})
const putOn = step('put veth1 on lab0', {
  command: command('ip link set veth1 master lab0'),
  undo: [command('ip link set veth1 nomaster'), command('ip addr add 10.0.0.1/24 dev veth1')],
  before: [linkFact('veth1', true, { master: null })],
  after: [linkFact('veth1', true, { master: 'lab0' })],
  touches: [
    { path: [at, 'link:veth1'], how: 'change', what: 'master' },
    { path: [at, 'link:lab0'], how: 'use' },
  ],
})
const forward = step('turn forwarding on', {
  command: command('sysctl -w net.ipv4.ip_forward=1'),
  undo: [command('sysctl -w net.ipv4.ip_forward=0')],
  before: [{ kind: 'sysctl', at, name: 'ipv4.ip_forward', value: '0' }],
  after: [{ kind: 'sysctl', at, name: 'ipv4.ip_forward', value: '1' }],
  touches: [{ path: [at, 'sysctl:ipv4.ip_forward'], how: 'change' }],
})
const forget = step('forget connections', {
  command: command('conntrack -D'),
  undo: { irreversible: 'they are gone' },
})

const entry = (id: number, plan: Plan, fields: Partial<Entry> = {}): Entry => ({
  id,
  at: '2026-11-21T14:03:22.000Z',
  plan,
  steps: plan.steps.map(() => 'done' as const),
  says: new Map(),
  state: 'applied',
  left: [],
  confirmBefore: null,
  undoneBy: null,
  ...fields,
})
const make = (id: number, steps: readonly Step[] = [makeLab0, mark]) =>
  entry(id, plan('make bridge lab0', steps))
const put = (id: number) => entry(id, plan('put veth1 on lab0', [putOn]))

const lab0 = link('bridge', { ifindex: 4, name: 'lab0', alias: 'vethscope' })
const veth1 = link('veth', { ifindex: 5, name: 'veth1', master: 4, port })

function hostWith(links: World['netns'][number]['links'], ip_forward = '1'): World {
  const details = { sysctls: { 'ipv4.ip_forward': ip_forward } } as never
  return world([netns(100, 'host', { names: [], links, details })])
}
const asMade = hostWith([loopback(), lab0, veth1])

const undo = (entries: readonly Entry[], id: number | null = null, seen = asMade) =>
  undoPlan(entries, id, seen, new Map())
const planOf = (...args: Parameters<typeof undo>): Plan => {
  const made = undo(...args)
  if (!made.ok) throw new Error(made.refusals.map(({ what }) => what).join('; '))
  return made.value
}
const refusals = (...args: Parameters<typeof undo>) => {
  const made = undo(...args)
  return made.ok ? [] : made.refusals.map(({ what, hint }) => [what, hint])
}
const commands = ({ steps }: Plan): readonly string[] => steps.map((each) => each.command.argv.join(' '))

test('the last change is taken back by its inverses in reverse, with what does it once more', () => {
  const made = planOf([make(1), put(2)])
  expect(made).toMatchObject({ title: 'undo change 2 (put veth1 on lab0)', undoes: 2, notes: [] })
  expect(made.steps).toEqual([
    {
      title: 'take back: put veth1 on lab0 (1 of 2)',
      command: command('ip link set veth1 nomaster'),
      undo: [command('ip link set veth1 master lab0')],
      before: putOn.after,
      after: putOn.before,
      touches: putOn.touches,
    },
    {
      title: 'take back: put veth1 on lab0 (2 of 2)',
      command: command('ip addr add 10.0.0.1/24 dev veth1'),
      undo: [],
      before: [],
      after: [],
      touches: putOn.touches,
    },
  ])
  expect(commands(planOf([make(1, [makeLab0, mark, forward])]))).toEqual([
    'sysctl -w net.ipv4.ip_forward=0',
    'ip link del lab0',
  ])
})

test('a later change that stands on it is named, and what helps', () => {
  expect(refusals([make(3), put(7)], 3)).toEqual([
    [
      'change 3 (make bridge lab0) cannot be undone: change 7 (put veth1 on lab0) stands on it',
      'vethscope undo 7 first',
    ],
  ])
  const remove = entry(
    8,
    plan('remove bridge lab0', [step('', { touches: [{ path: [at, 'link:lab0'], how: 'delete' }] })]),
  )
  expect(refusals([make(3), put(7), remove], 3).map(([what]) => what)).toEqual([
    'change 3 (make bridge lab0) cannot be undone: change 8 (remove bridge lab0) removed what it made',
    'change 3 (make bridge lab0) cannot be undone: change 7 (put veth1 on lab0) stands on it',
  ])
})

test('a later one that was itself undone, or was made by nobody, stands in no way', () => {
  const without = hostWith([loopback(), lab0])
  const undone = { ...put(2), state: 'undone' as const, undoneBy: 3 }
  const takenBack = entry(3, plan('undo', [], { undoes: 2 }))
  expect(planOf([make(1), undone, takenBack], 1, without).undoes).toBe(1)
  expect(planOf([make(1), undone, takenBack], null, without).undoes).toBe(1)
  expect(planOf([make(1), { ...put(2), state: 'rolled back' }], 1, without).undoes).toBe(1)
})

test('two settings of a link, and what is on it, do not stand in each other’s way', () => {
  const set = (id: number, what: 'mtu' | 'alias' | 'up' | 'master', path = [at, 'link:lab0']) =>
    entry(id, plan(what, [step(what, { touches: [{ path, how: 'change', what }] })]))
  const address = (id: number) =>
    entry(
      id,
      plan('address', [
        step('', { touches: [{ path: [at, 'link:lab0', 'address:10.0.0.1/8'], how: 'add' }] }),
      ]),
    )
  expect(undo([set(1, 'mtu'), set(2, 'alias')], 1).ok).toBe(true)
  expect(undo([set(1, 'mtu'), set(2, 'mtu')], 1).ok).toBe(false)
  expect(undo([set(1, 'mtu'), address(2)], 1).ok).toBe(true)
  expect(undo([address(1), set(2, 'mtu')], 1).ok).toBe(true)
  // With a link that goes down go routes and IPv6 addresses.
  expect(undo([set(1, 'up'), address(2)], 1).ok).toBe(false)
  expect(undo([make(1), set(2, 'mtu')], 1).ok).toBe(false)
})

test('two that only use the same thing do not meet', () => {
  const use = (id: number) =>
    entry(id, plan('use', [step('', { touches: [{ path: [at, 'link:lab0'], how: 'use' }] })]))
  expect(undo([use(1), use(2)], 1).ok).toBe(true)
})

test('a later change that took away what the way back needs is named', () => {
  const takeOff = step('take veth1 off lab0', {
    undo: [command('ip link set dev veth1 master lab0')],
    touches: [{ path: [at, 'link:veth1'], how: 'change', what: 'master' }],
  })
  const remove = step('', { touches: [{ path: [at, 'link:lab0'], how: 'delete' }] })
  const earlier = entry(1, plan('take veth1 off lab0', [takeOff]))
  expect(refusals([earlier, entry(2, plan('remove bridge lab0', [remove]))], 1)).toEqual([
    [
      'change 1 (take veth1 off lab0) cannot be undone: change 2 (remove bridge lab0) took away what it needs',
      'vethscope undo 2 first',
    ],
  ])
  // And the other way round: the way back of the later one needs what the earlier one made.
  const back = step('', { ...remove, undo: [command('ip route replace 10.9.0.0/16 dev lab0')] })
  const made = entry(
    1,
    plan('make bridge lab0', [{ ...makeLab0, touches: [{ path: [at, 'link:lab0'], how: 'add' }] }]),
  )
  const other = { ...back, touches: [{ path: [at, 'link:eth9'], how: 'delete' as const }] }
  expect(refusals([made, entry(2, plan('remove eth9', [other]))], 1)).toEqual([
    [
      'change 1 (make bridge lab0) cannot be undone: change 2 (remove eth9) stands on it',
      'vethscope undo 2 first',
    ],
  ])
})

test('what cannot be undone says why, and what helps', () => {
  expect(refusals([])).toEqual([
    ['no change is in effect: there is nothing to undo', 'vethscope journal lists all changes'],
  ])
  expect(refusals([make(1)], 4)).toEqual([
    ['there is no change 4 in the journal', 'vethscope journal lists all changes'],
  ])
  const taken = [
    { ...make(1), state: 'undone' as const, undoneBy: 2 },
    entry(2, plan('undo', [], { undoes: 1 })),
  ]
  expect(refusals(taken, 1)).toEqual([
    ['change 1 (make bridge lab0) is undone already, by change 2', 'vethscope undo 2 makes it again'],
  ])
  expect(refusals([{ ...make(1), state: 'rolled back' }], 1)).toEqual([
    ['change 1 (make bridge lab0) was rolled back: nothing of it is in effect', undefined],
  ])
  expect(refusals([{ ...make(1), state: 'unfinished' }], 1)).toEqual([
    ['change 1 (make bridge lab0) was begun and did not end', 'vethscope cleanup takes it back'],
  ])
})

test('an undo that is undone makes the change again as it was, and then that is what undo takes back', () => {
  const nothing = hostWith([loopback(), link('veth', { ifindex: 5, name: 'veth1' })])
  const entries = [{ ...make(1), state: 'undone' as const, undoneBy: 2 }, entry(2, { ...planOf([make(1)]) })]
  const again = planOf(entries, 2, nothing)
  expect(again).toMatchObject({
    title: 'make again change 1 (make bridge lab0)',
    undoes: 2,
    steps: [makeLab0, mark],
  })
  const remade = [make(1), { ...entries[1]!, state: 'undone' as const, undoneBy: 3 }, entry(3, again)]
  for (const id of [null, 1, 3]) {
    expect(planOf(remade, id)).toMatchObject({
      title: 'undo change 3 (make again change 1 (make bridge lab0))',
      undoes: 3,
    })
  }
  // Something else has that name by now.
  expect(refusals(entries, 2, asMade)).toEqual([
    [
      'change 2 (undo change 1 (make bridge lab0)) cannot be undone: link lab0 is in host',
      'something else changed it since',
    ],
  ])
})

test('what somebody else took back stays so, and the rest is undone', () => {
  const made = planOf([make(1, [makeLab0, mark, forward])], 1, hostWith([loopback()]))
  expect(commands(made)).toEqual(['sysctl -w net.ipv4.ip_forward=0'])
  expect(made.notes).toEqual(['"make bridge lab0" is taken back already, by something else'])
  const without = planOf([make(1)], 1, hostWith([loopback()]))
  expect(without).toMatchObject({ undoes: 1, steps: [] })
})

test('what goes with a link that is gone is not tried', () => {
  const inside = step('turn on proxy_arp_pvlan of lab0', {
    undo: [command('tee /proc/x')],
    touches: [{ path: [at, 'link:lab0', 'sysctl:proxy_arp_pvlan'], how: 'change' }],
  })
  expect(commands(planOf([make(1, [makeLab0, inside])], 1, hostWith([loopback()])))).toEqual([])
  expect(commands(planOf([make(1, [makeLab0, inside])]))).toEqual(['tee /proc/x', 'ip link del lab0'])
})

test('a setting that is not ours any more stays, and is told', () => {
  const made = planOf([make(1, [makeLab0, forward])], 1, hostWith([loopback(), lab0], '2'))
  expect(commands(made)).toEqual(['ip link del lab0'])
  expect(made.notes).toEqual(['"turn forwarding on" stays: ipv4.ip_forward is 2 in host, not 1'])
})

test('what was made is taken back also where its settings changed, but not where it is another thing now', () => {
  const other = (fields: object) => hostWith([loopback(), link('bridge', { ...lab0, ...fields } as never)])
  const changed = planOf([make(1)], 1, other({ mtu: 1400 }))
  expect(commands(changed)).toEqual(['ip link del lab0'])
  expect(changed.notes).toEqual(['link lab0 in host has mtu 1400, not 1500: changed by something else since'])
  expect(refusals([make(1)], 1, other({ alias: 'mine' }))).toEqual([
    [
      'change 1 (make bridge lab0) cannot be undone: link lab0 in host has alias mine, not vethscope',
      'something else changed it since',
    ],
  ])
  expect(refusals([put(1)], 1, hostWith([loopback()]))).toEqual([
    [
      'change 1 (put veth1 on lab0) cannot be undone: link veth1 is not in host',
      'something else changed it since',
    ],
  ])
})

test('what is irreversible is named, and the rest undone', () => {
  const made = planOf([make(1, [makeLab0, forget])])
  expect(commands(made)).toEqual(['ip link del lab0'])
  expect(made.notes).toEqual(['"forget connections" cannot be taken back: they are gone'])
})

test('of a change of which a part is left that part is tried again, where it is asked for by its number', () => {
  const left = entry(1, plan('x', [makeLab0, putOn]), { state: 'left', steps: ['left', 'undone'] })
  expect(commands(planOf([left], 1))).toEqual(['ip link del lab0'])
  expect(undo([left]).ok).toBe(false)
})

test('what cannot be read is no reason to go on', () => {
  const unread = hostWith({ unknown: 'permission denied' })
  expect(refusals([make(1, [makeLab0])], 1, unread)).toEqual([
    [
      'change 1 (make bridge lab0) cannot be undone: cannot tell whether link lab0 is in host: the links could not be read: permission denied',
      undefined,
    ],
  ])
})

test('what went through a file of a namespace that is gone is not made again', () => {
  const join = step('bind the name beside', {
    command: {
      ...command('mount --bind /run/netns/n0 /run/netns/beside'),
      enters: [{ path: '/run/netns/n0', id: '101' }],
    },
    undo: [command('umount /run/netns/beside')],
    touches: [{ path: ['/run/netns/beside'], how: 'add' }],
  })
  const made = { ...entry(1, plan('add node beside', [join])), state: 'undone' as const, undoneBy: 2 }
  const back = planOf([entry(1, plan('add node beside', [join]))])
  const undone = entry(2, back)
  const there = { ...asMade, netns: [...asMade.netns, netns(101, 'n0')] }
  expect(planOf([made, undone], 2, there).title).toBe('make again change 1 (add node beside)')
  expect(refusals([made, undone], 2)).toEqual([
    [
      `change 2 (${back.title}) cannot be undone: the namespace that /run/netns/n0 led to is gone`,
      'something else changed it since',
    ],
  ])
  const remove = step('', { touches: [{ path: ['/run/netns/n0'], how: 'delete' }] })
  expect(refusals([made, undone, entry(3, plan('remove node n0', [remove]))], 2, there)).toEqual([
    [
      `change 2 (${back.title}) cannot be undone: change 3 (remove node n0) took away what it needs`,
      'vethscope undo 3 first',
    ],
  ])
})
