/** Forms of changes: what is typed becomes a command line, its plan stands below, Ctrl-S makes it. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { FromWorker } from '../../src/collect/protocol.ts'
import { netnsId, type NetnsId } from '../../src/model/ids.ts'
import { listOf } from '../../src/model/known.ts'
import type { ListeningSocket } from '../../src/model/listening-socket.ts'
import type { PortsView } from '../../src/model/ports-view.ts'
import type { PublishedPort } from '../../src/model/published-port.ts'
import type { World } from '../../src/model/world.ts'
import { needsOf } from '../../src/tui/select/needs.ts'
import { argvOf, idOf, labHost, making, opened, planned, refusedPlan, result, tick } from './change-world.ts'
import { expectGolden } from './golden.ts'
import { live, screen, start, type Screen } from './screen.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 60, rows: 20 },
] as const

/** The first of the menu of `a` is a network. */
function networkForm(it: Screen): Screen {
  it.keys('a', 'enter')
  return it
}

const made = result({
  id: 12,
  applied: true,
  verified: true,
  steps: making.map((each) => ({ ...each, outcome: 'done' as const })),
})

function filled(options: Parameters<typeof opened>[0] = {}): Screen {
  const it = networkForm(opened(options))
  it.type('lab1')
  planned(it, { notes: ['[::1] cannot be published'] })
  return it
}

describe.each(sizes)('at $columns×$rows', (size) => {
  const named = (what: string): string => `change-${what}-${size.columns}x${size.rows}`
  const fits = (it: Screen): void => {
    for (const line of it.text().split('\n')) expect(line.length).toBeLessThanOrEqual(size.columns)
  }

  test('what can be added', () => {
    const it = opened({ size })
    it.keys('down', 'a')
    expect(it.line('┌ add what?')).not.toBe('')
    expect(it.line('> make a network')).not.toBe('')
    expect(it.line('make a node ')).toContain('lab0')
    expect(it.line('make a veth pair')).toContain('host')
    fits(it)
    expectGolden(named('menu'), it.text())
  })

  test('a form and its plan', () => {
    const it = filled({ size })
    expect(it.line('> name ')).toContain('lab1')
    expect(it.line('── plan: 4 commands')).toContain('+ do, - undo')
    expect(it.line('+ ip link add lab1')).not.toBe('')
    expect(it.line('- ip link delete lab1')).not.toBe('')
    expect(it.line('Ctrl-S make it')).toContain('Esc close')
    fits(it)
    expectGolden(named('form'), it.text())
  })

  test('a refusal stands in the place of the plan', () => {
    const it = networkForm(opened({ size }))
    it.type('lab0')
    refusedPlan(it, 'bridge lab0 exists already (ifindex 4)', 'choose another name')
    expect(it.line('── refused')).not.toBe('')
    expect(it.line('! bridge lab0 exists already (ifindex 4)')).not.toBe('')
    expect(it.line('choose another name')).not.toBe('')
    expect(it.line('! lab1 is a name of Docker')).not.toBe('')
    fits(it)
    expectGolden(named('refused'), it.text())
  })

  test('progress ticks the lines', () => {
    const it = filled({ size })
    it.keys('C-s')
    tick(it, 0, 'not run')
    tick(it, 0, 'done')
    tick(it, 1, 'not run')
    expect(it.line('1 of 4 done')).not.toBe('')
    expect(it.text()).toMatch(/ ✓ (?:\+ ip link add|make bridge lab1)/)
    expect(it.text()).toMatch(/ ▶ (?:\+ ip addr add|give lab1)/)
    fits(it)
    expectGolden(named('progress'), it.text())
  })

  test('one that failed: what was taken back, and what is left', () => {
    const it = filled({ size })
    it.keys('C-s')
    const outcomes = ['undone', 'failed', 'not run', 'not run'] as const
    const failed = result({
      id: 12,
      steps: making.map((each, at) => ({ ...each, outcome: outcomes[at] ?? 'not run' })),
      left: ['the address of lab1 is still there'],
      error: {
        what: 'it failed',
        command: 'ip addr add',
        exitCode: 2,
        stderr: 'RTNETLINK answers: File exists\n',
      },
    })
    it.send({ type: 'change-ended', id: idOf(it), answer: { ok: true, result: failed }, now: it.now })
    expect(it.line('! it failed: ip addr add')).not.toBe('')
    expect(it.line('RTNETLINK answers: File exists')).not.toBe('')
    expect(it.line('left: the address of lab1')).not.toBe('')
    expect(it.text()).toMatch(/ × (?:\+ ip addr add|give lab1)/)
    fits(it)
    expectGolden(named('failed'), it.text())
  })
})

test('every key changes the command line; choices turn, and only what was chosen is said', () => {
  const it = networkForm(opened())
  expect(argvOf(it, 'plan-change')).toBeNull()
  it.type('lab1')
  expect(argvOf(it, 'plan-change')).toEqual(['net', 'create', 'lab1'])
  it.keys('tab', 'right')
  expect(argvOf(it, 'plan-change')).toEqual(['net', 'create', 'lab1', '--driver', 'vxlan'])
  it.keys('left', 'down')
  it.type('10.9.0.0/24 fd00::/64')
  const subnets = ['--subnet', '10.9.0.0/24', '--subnet', 'fd00::/64']
  expect(argvOf(it, 'plan-change')).toEqual(['net', 'create', 'lab1', ...subnets])
  it.keys('down', 'down', 'space', 'down', 'down', 'n')
  expect(argvOf(it, 'plan-change')).toEqual([
    'net',
    'create',
    'lab1',
    ...subnets,
    '--internal',
    '--icc',
    'false',
  ])
})

test('a driver brings its own fields, and the cursor stays where it is', () => {
  const it = networkForm(opened())
  it.keys('tab')
  expect(it.text()).not.toContain('parent')
  it.keys('m')
  expect(it.line('> driver')).toContain('[macvlan]')
  expect(it.line('  parent ')).not.toBe('')
  expect(it.text()).not.toContain('masquerade  ')
})

test('what is there is offered while it is typed, and → takes it', () => {
  const it = opened()
  it.keys('down', 'a', 'down', 'enter')
  expect(it.state.mode).toMatchObject({ form: 'node-add', values: { network: 'lab0' } })
  it.keys('tab', 'end', 'space')
  it.type('em')
  expect(it.line('> networks')).toContain('lab0 empty')
  it.keys('right')
  expect(it.state.mode).toMatchObject({ values: { network: 'lab0 empty' } })
})

test('Enter only moves on, and the last one says what makes the change', () => {
  const it = opened()
  it.keys('c')
  it.type('lab0')
  for (let step = 0; step < 8; step += 1) it.keys('enter')
  expect(it.state.message?.text).toContain('Ctrl-S makes this change')
  expect(it.effects.some(({ type }) => type === 'make-change')).toBe(false)
})

test('nothing is made without a plan of exactly what the form says', () => {
  const it = networkForm(opened())
  it.keys('C-s')
  expect(it.state.message?.text).toContain('name is still empty')
  it.type('lab1')
  it.keys('C-s')
  expect(it.state.message?.text).toContain('still being made')
  planned(it)
  it.type('x')
  expect(it.line('── plan')).toContain('being made anew')
  it.keys('C-s')
  expect(it.state.message?.text).toContain('still being made')
  refusedPlan(it, 'lab1x is no name')
  it.keys('C-s')
  expect(it.state.message?.text).toContain('lab1x is no name')
  expect(it.effects.some(({ type }) => type === 'make-change')).toBe(false)
})

test('an answer to what the form said before is not taken for one to what it says', () => {
  const it = networkForm(opened())
  it.type('a')
  const [first] = it.effects.filter((each) => each.type === 'plan-change')
  it.type('b')
  if (first === undefined) throw new Error('nothing was asked')
  it.send({ type: 'change-planned', id: first.id, answer: { ok: true, result: result() } })
  it.keys('C-s')
  expect(it.effects.some(({ type }) => type === 'make-change')).toBe(false)
})

test('a form that closes ends the plan that is being made, and not the change', () => {
  const it = networkForm(opened())
  it.type('lab1')
  it.keys('escape')
  expect(it.effects.filter(({ type }) => type === 'end-plan')).toHaveLength(1)
  const other = filled()
  other.keys('C-s', 'escape')
  expect(argvOf(other, 'make-change')).toEqual(['net', 'create', 'lab1', '--yes'])
  other.send({ type: 'change-ended', id: idOf(other), answer: { ok: true, result: made }, now: other.now })
  expect(other.state.message).toMatchObject({ kind: 'done', text: 'make network lab1: done, change 12' })
})

test('quit asks while a change is made', () => {
  const it = filled()
  it.keys('C-s', 'escape', 'q')
  expect(it.state.mode.type).toBe('quit')
  expect(it.line('a change, which goes on to its end: make network lab1')).not.toBe('')
})

test('u on what was made asks for its undo', () => {
  const it = filled()
  it.keys('C-s')
  it.keys('u')
  expect(it.state.message?.text).toContain('it is still being made')
  it.send({ type: 'change-ended', id: idOf(it), answer: { ok: true, result: made }, now: it.now })
  expect(it.line('done, and seen to be so; change 12')).not.toBe('')
  it.keys('u')
  expect(argvOf(it, 'plan-change')).toEqual(['undo', '12'])
})

test('a change that cuts the way in is offered with a time to keep it in, counted down, and Enter keeps it', () => {
  const it = networkForm(opened())
  it.type('lab1')
  expect(it.text()).not.toContain('keep within')
  refusedPlan(it, 'this cuts the session you came by', 'say --confirm-within SECONDS')
  it.keys('up', 'up')
  expect(it.line('> keep within')).not.toBe('')
  it.type('30')
  expect(argvOf(it, 'plan-change')).toEqual(['net', 'create', 'lab1', '--confirm-within', '30'])
  planned(it)
  it.keys('C-s')
  const before = new Date(it.now + 30_000).toISOString()
  const answer = { ok: true, result: { ...made, confirmBefore: before } } as const
  it.send({ type: 'change-ended', id: idOf(it), answer, now: it.now })
  expect(it.line('taken back in 30 s')).toContain('Enter keeps it')
  it.wait(5000)
  expect(it.line('taken back in 25 s')).not.toBe('')
  it.keys('escape')
  expect(it.line('!! make network lab1: taken back in 25 s')).toContain('[:change-show]')
  it.keys(':')
  it.type('change-show')
  it.keys('enter')
  it.keys('enter')
  const asked = it.effects.findLast(({ type }) => type === 'confirm-change')
  expect(asked).toMatchObject({ argv: ['confirm', '12'] })
  it.send({ type: 'change-confirmed', id: idOf(it), failure: null })
  expect(it.line('it is kept')).not.toBe('')
})

test('the commands are copied with what takes them back', () => {
  const it = filled()
  it.keys('C-y')
  const copied = it.effects.findLast((each) => each.type === 'copy')
  expect(copied?.text).toMatch(
    /^ip link add lab1 .*\n[^]*# undo:\n# nft delete table[^]*# ip link delete lab1$/,
  )
})

test.each([
  ['--readonly', { readonly: true }, 'nothing is changed from here'],
  ['a recording', { mode: 'replay', world: labHost() }, 'a recording is not the host'],
] as const)('with %s every change is off, and says so', (_, options, why) => {
  const it = 'world' in options ? screen(options) : live(labHost(), options)
  it.send({ type: 'resize', size: { columns: 120, rows: 40 } })
  it.keys('5')
  for (const key of ['a', 'e', 'D', 'c', 'C', 'P', 'u']) {
    it.keys(key)
    expect(it.state.message?.text, key).toContain(why)
    expect(it.state.mode.type).toBe('browse')
  }
  it.keys('x')
  expect(it.line('add: a network')).toContain('not now:')
  it.keys('escape', ':')
  it.type('net rm lab0 --yes')
  it.keys('enter')
  expect(it.state.message?.text).toContain(why)
  expect(it.effects.some(({ type }) => type === 'run' || type === 'plan-change')).toBe(false)
})

test('a change that is typed as a command opens its form, filled', () => {
  const it = opened()
  const typed = (line: string): void => {
    it.keys('escape', ':')
    it.type(line)
    it.keys('enter')
  }
  typed('net create far --driver=vxlan --vni 42 --remote 192.0.2.2 --remote 192.0.2.3 --icc false')
  expect(it.state.mode).toMatchObject({
    form: 'net-create',
    values: { driver: 'vxlan', vni: '42', icc: 'no' },
  })
  expect(argvOf(it, 'plan-change')?.join(' ')).toBe(
    'net create far --driver vxlan --vni 42 --remote 192.0.2.2 --remote 192.0.2.3 --icc false',
  )
  typed('link move web eth0 host --name web0')
  expect(argvOf(it, 'plan-change')).toEqual(['link', 'move', 'web', 'eth0', 'host', '--name', 'web0'])
  typed('net publish n1 8080:80 9090:90/udp')
  expect(argvOf(it, 'plan-change')).toEqual(['net', 'publish', 'n1', '8080:80', '9090:90/udp'])
})

test('what is rarely used has a field, too, and stands last', () => {
  const it = opened()
  const typed = (line: string): readonly string[] | null => {
    it.keys('escape', ':')
    it.type(line)
    it.keys('enter')
    return argvOf(it, 'plan-change')
  }
  const wholeNet =
    'net create lab1 --bridge br0 --mac-address 02:00:00:00:00:01 --opt a=b --opt c=d --label x=y --accept-in-foreign'
  expect(typed(wholeNet)?.join(' ')).toBe(wholeNet)
  expect(it.state.mode).toMatchObject({ form: 'net-create', values: { opt: 'a=b c=d', label: 'x=y' } })
  expect(typed("net create lab1 -b br0 -o a=b --label 'said=two words'")).toEqual([
    'net',
    'create',
    'lab1',
    '--bridge',
    'br0',
    '--opt',
    'a=b',
    '--label',
    'said=two words',
  ])
  const connection = '--link n1:db --ip6 fd00::7 --mac-address 02:00:00:00:00:02'
  expect(typed(`net connect lab0 alone ${connection}`)?.join(' ')).toBe(
    `net connect lab0 alone ${connection}`,
  )
  expect(
    typed('node add n2 --network lab0 -p 9000:90 --ip6 fd00::7 --mac-address 02:00:00:00:00:02'),
  ).toEqual(
    'node add n2 --network lab0 --publish 9000:90 --ip6 fd00::7 --mac-address 02:00:00:00:00:02'.split(' '),
  )
  expect(it.state.mode.type).toBe('change-form')
})

describe('a free port is offered', () => {
  const publishing = (node: string, world = labHost()): Screen => {
    const it = opened({}, world)
    it.keys('escape', ':')
    it.type(`net publish ${node}`)
    it.keys('enter')
    return it
  }

  test('that no engine and no lab publishes; what was typed already counts', () => {
    const it = publishing('alone')
    expect(it.line('> ports')).toContain('8082:80')
    expect(it.line('> ports')).toContain('→ takes it; [HOSTIP:]PORT:PORT')
    it.keys('right')
    expect(argvOf(it, 'plan-change')).toEqual(['net', 'publish', 'alone', '8082:80'])
    it.keys('space', 'right')
    expect(argvOf(it, 'plan-change')).toEqual(['net', 'publish', 'alone', '8082:80', '8083:80'])
  })

  test.each([
    ['9', '9'],
    ['9000:', '9000:80'],
    ['127.0.0.1:', '127.0.0.1:8082:80'],
    ['127.0.0.1:9000:', '127.0.0.1:9000:80'],
    ['[::1]:', '[::1]:8082:80'],
    ['[::1]:9000:', '[::1]:9000:80'],
    ['8082-8090:80-88 ', '8082-8090:80-88 8091:80'],
    ['127.0.0.1:8082:53/udp ', '127.0.0.1:8082:53/udp 8083:80'],
  ])('behind %s it is %s', (text, whole) => {
    const it = publishing('alone')
    it.type(text)
    it.keys('right')
    expect(it.state.mode).toMatchObject({ values: { ports: whole } })
  })

  const view = (fields: Partial<PortsView>): FromWorker => ({
    type: 'ports',
    value: {
      published: [],
      unreadRules: [],
      listening: [],
      unreadSockets: [],
      complete: true,
      readAt: start,
      ...fields,
    },
  })
  const listens = (netns: NetnsId, port: number, address = '0.0.0.0', protocol = 'tcp'): ListeningSocket => ({
    netns,
    protocol,
    family: address.includes(':') ? 'ip6' : 'ip',
    address,
    port,
    process: { unknown: 'not looked' },
    container: null,
  })

  test('on which nothing listens and that no rule sends elsewhere, as far as the worker told', () => {
    const world = labHost()
    const it = publishing('alone', world)
    expect(needsOf(it.state)).toContainEqual({ kind: 'ports' })
    const [, other] = world.netns
    if (other === undefined) throw new Error('there is one namespace only')
    const rule: PublishedPort = {
      netns: world.host,
      hostIp: '0.0.0.0',
      hostPort: 8083,
      lastPort: 8085,
      protocol: 'tcp',
      family: 'ip',
      via: 'dnat',
      rule: null,
      process: null,
      target: { container: null, netns: null, address: '10.0.0.2', port: 80 },
      listening: [],
      serves: 'no',
    }
    it.worker(
      view({
        listening: [listens(world.host, 8082, '127.0.0.1'), listens(other.id, 8086)],
        published: [rule],
      }),
    )
    expect(it.line('> ports')).toContain('8086:80')
    it.keys('escape', ':')
    it.type('node add n2 --network lab0')
    it.keys('enter')
    for (let step = 0; step < 12 && it.line('> publish') === ''; step += 1) it.keys('tab')
    expect(needsOf(it.state)).toContainEqual({ kind: 'ports' })
    expect(it.line('> publish')).toContain('8086:80')
  })

  test('to what the node listens on for others, and that is not published yet', () => {
    const world = labHost()
    const node = listOf(world.engines)
      .flatMap(({ containers }) => listOf(containers))
      .find(({ name }) => name === 'n1')
    if (node === undefined) throw new Error('there is no node')
    const inside = netnsId(205)
    const there: World = {
      ...world,
      engines: listOf(world.engines).map((engine) => ({
        ...engine,
        containers: listOf(engine.containers).map((each) =>
          each.id === node.id ? { ...each, netns: inside } : each,
        ),
      })),
    }
    const it = publishing('n1', there)
    const sockets = [
      listens(inside, 80),
      listens(inside, 5432, '127.0.0.1'),
      listens(inside, 53, '::', 'udp'),
      listens(inside, 443),
      listens(inside, 443, '::'),
    ]
    it.worker(view({ listening: sockets }))
    expect(it.line('> ports')).toContain('→ takes it; 8082:53/udp 8082:443 8082:80')
    expect(it.line('> ports')).not.toContain('5432')
    it.keys('right')
    expect(argvOf(it, 'plan-change')).toEqual(['net', 'publish', 'n1', '8082:53/udp'])
  })
})

test('on Topology the selected link is what is changed', () => {
  const it = live(labHost())
  it.keys('f')
  it.type('vethe8201cd')
  it.keys('enter', 'e')
  expect(it.line('take a link off its bridge')).toContain('host vethe8201cd')
  expect(it.line('set a link down')).toContain('host vethe8201cd')
  it.keys('down', 'enter')
  expect(argvOf(it, 'plan-change')).toEqual(['link', 'detach', 'host', 'vethe8201cd'])
  it.keys('escape', 'D', 'enter')
  expect(argvOf(it, 'plan-change')).toEqual(['link', 'rm', 'host', 'vethe8201cd'])
})

test("what Docker made is Docker's to delete", () => {
  const it = opened()
  it.keys('down', 'down', 'D')
  expect(it.state.message?.text).toContain('bridge is Docker’s own network')
})
