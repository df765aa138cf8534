/** A file of networks on a real host: it works, applied again nothing is left to do, and whatever happens on the way leads back. */
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { IntentOf } from '../../src/model/intent.ts'
import type { Plan, Step } from '../../src/model/plan.ts'
import { readNetworkFile } from '../../src/netfile/read-network-file.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { stateOf, type HostState } from '../support/host-state.ts'
import { isWhole, seed, stepMoments } from '../support/kill-moments.ts'
import { labOn, settlesAs, type LabRunner } from '../support/lab-runner.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { answers, serve } from './support-lab.ts'

const tools = ['ip', 'bridge', 'nft', 'sysctl', 'nsenter', 'conntrack', 'flock', 'python3', 'ping']

const text = `
vethscope: 1
networks:
  lab0: {subnets: [10.7.0.0/24, "fd00:7::/64"]}
  inner: {internal: true}
nodes:
  db: {networks: [{name: inner, links: ["web:front"]}]}
  web: {networks: [lab0, {name: inner, aliases: [www]}], ports: ["8080:80"]}
  spy: {mode: "container:web"}
  left: {mode: none}
  right: {mode: none, routes: [{to: 10.8.0.0/16, via: 10.1.1.1}]}
links:
- ends: [{in: left, name: a, addresses: [10.1.1.1/24]}, {in: right, name: b, addresses: [10.1.1.2/24]}]
`

function asked(
  text: string,
  how: Partial<Pick<IntentOf<'net-apply'>, 'remove' | 'replace'>> = {},
): IntentOf<'net-apply'> {
  const read = readNetworkFile(text, 'lab.yaml')
  if (!read.ok) throw new Error(read.failure.what)
  return { kind: 'net-apply', file: read.value, remove: false, ...how }
}

/** Ends with 9: before its command, or when that is done, so that it is there all the same. */
function failing(step: Step, when: 'before' | 'after'): Step {
  const line = when === 'before' ? 'exit 9' : '"$@"; exit 9'
  return { ...step, command: { ...step.command, argv: ['sh', '-c', line, 'sh', ...step.command.argv] } }
}

if (requires({ root: true, tools })) {
  let host: TestHost
  let runner: LabRunner
  let before: HostState
  let drawn = seed

  /** Minimal standard (Park and Miller): the same numbers for the same seed. */
  const random = (below: number): number => {
    drawn = (drawn * 48_271 + 11) % 2_147_483_647
    return drawn % below
  }

  beforeAll(async () => {
    host = await playHost()
    host.ip('link add up0 type veth peer name up1', 'addr add 198.51.100.1/24 dev up0')
    host.ip(
      'link set up0 addrgenmode none',
      'link set up1 addrgenmode none',
      'link set up0 up',
      'link set up1 up',
    )
    runner = await labOn(host)
    before = stateOf(host)
    await settlesAs(host, before)
  }, 120_000)
  afterAll(() => host.end())

  // Whatever a test before this came to.
  beforeEach(async () => {
    for (;;) {
      const plan = await runner.undoPlan(null)
      if (plan === null) break
      await runner.apply(plan)
    }
  }, 60_000)

  /** With link-local addresses that nobody else has: they come by themselves, and late. */
  const settled = async (): Promise<HostState> => {
    await vi.waitFor(() => {
      for (const name of ['left', 'right']) {
        expect(host.run(['ip', '-n', name, '-o', '-6', 'addr', 'show', 'tentative'])).toBe('')
        expect(host.run(['ip', '-n', name, '-6', 'route', 'show', 'table', 'local'])).toContain('fe80::')
      }
    }, 15_000)
    return stateOf(host)
  }

  const pings = (from: string, to: string): boolean =>
    host.try(['ip', 'netns', 'exec', from, 'ping', '-c1', '-W5', to]).code === 0

  test(
    'applied it works; again nothing is left to do; undone the host is as before',
    { timeout: 180_000 },
    async () => {
      const done = await runner.change(asked(text))
      expect(done.title).toBe('apply networks file: 2 networks, 5 nodes, 1 link')
      for (const [from, to] of [
        ['db', 'web'],
        ['db', 'www'],
        ['db', 'front'],
        ['web', 'db.inner'],
        ['left', '10.1.1.2'],
      ] as const)
        expect(pings(from, to), `${from} → ${to}`).toBe(true)
      const end = await serve(host, 'web', [80])
      await vi.waitFor(
        () => expect(answers(host, [{ from: 'host', to: '198.51.100.1', port: 8080 }])[0]).not.toBe(null),
        15_000,
      )
      await end()
      const again = await runner.plan(asked(text))
      expect([again.steps, again.notes]).toEqual([[], ['all of it is there']])
      await runner.undo()
      await settlesAs(host, before)
    },
  )

  test('removed nothing is left; that can be undone, too', { timeout: 180_000 }, async () => {
    await runner.change(asked(text))
    const made = await settled()
    await runner.change(asked(text, { remove: true }))
    await settlesAs(host, before)
    const again = await runner.plan(asked(text, { remove: true }))
    expect([again.steps, again.notes]).toEqual([[], ['nothing of it is there']])
    await runner.undo()
    await settlesAs(host, made)
    expect((await runner.plan(asked(text))).steps).toEqual([])
    await runner.change(asked(text, { remove: true }))
    await settlesAs(host, before)
  })

  test('changed in place: what differs, and undone as it was', { timeout: 180_000 }, async () => {
    await runner.change(asked(text))
    const made = await settled()
    const other = text
      .replace('"8080:80"', '"8081:81", "9090:90/udp"')
      .replace('aliases: [www]', 'aliases: [www, shop], ip: 172.17.0.9')
      .replace('10.1.1.2/24', '10.1.1.3/24')
      .replace('via: 10.1.1.1', 'via: 10.1.1.7')
    await runner.change(asked(other))
    expect(pings('db', 'shop')).toBe(true)
    expect(pings('left', '10.1.1.3')).toBe(true)
    expect(host.run(['ip', '-n', 'right', 'route', 'show', '10.8.0.0/16'])).toContain('via 10.1.1.7')
    expect((await runner.plan(asked(other))).steps).toEqual([])
    await runner.undo()
    await settlesAs(host, made)
    await runner.undo()
    await settlesAs(host, before)
  })

  test(
    `killed at any moment it is cleaned up, made and taken away (seed ${seed})`,
    { timeout: isWhole ? 3_600_000 : 300_000 },
    async () => {
      const cleaned = async (plan: Plan, state: HostState, count: number): Promise<void> => {
        const all = plan.steps.flatMap((_, step) => stepMoments.map((moment) => `${moment}:${step + 1}`))
        const some = isWhole ? all : Array.from({ length: count }, () => all[random(all.length)] ?? '')
        for (const moment of some) {
          expect(await runner.killed(plan, moment), moment).toBe(true)
          const { cleaned } = await runner.cleanup()
          expect(cleaned, moment).toMatchObject([{ applied: false, verified: true, left: [] }])
          await settlesAs(host, state).catch((error: unknown) => {
            throw new Error(`killed ${moment} (seed ${seed})`, { cause: error })
          })
        }
      }
      await cleaned(await runner.plan(asked(text)), before, 2)
      await runner.change(asked(text))
      const made = await settled()
      await cleaned(await runner.plan(asked(text, { remove: true })), made, 2)
      await runner.undo()
      await settlesAs(host, before)
    },
  )

  test(`a step that fails takes all of it back (seed ${seed})`, { timeout: 300_000 }, async () => {
    const plan = await runner.plan(asked(text))
    for (const when of ['before', 'after'] as const) {
      const at = random(plan.steps.length)
      const steps = plan.steps.map((step, number) => (number === at ? failing(step, when) : step))
      const told = await runner.apply({ ...plan, steps })
      expect(told, `step ${at + 1} ${when}`).toMatchObject({
        applied: false,
        verified: true,
        left: [],
        error: { exitCode: 9 },
      })
      await settlesAs(host, before)
    }
  })

  test(
    'a file with an error changes nothing, and the error tells where it is',
    { timeout: 120_000 },
    async () => {
      const program = [process.execPath, join(await buildVethscope(), 'main.js'), 'net', 'apply']
      const tried = (text: string) => {
        host.run(['tee', '/run/lab.yaml'], { input: text })
        const { code, stderr } = host.try([...program, '/run/lab.yaml', '--yes'])
        return { code, stderr: stderr.replaceAll(/\s+/g, ' ') }
      }
      const misspelt = tried(text.replace('internal: true', 'internal: maybe'))
      expect(misspelt).toMatchObject({ code: 2 })
      expect(misspelt.stderr).toContain(
        '/run/lab.yaml:5:21: networks.inner.internal must be true or false, not "maybe"',
      )
      // Seen only on the host: an address that is taken, a network that is not there.
      const overlapping = tried(text.replace('10.7.0.0/24', '198.51.100.0/25'))
      expect(overlapping).toMatchObject({ code: 5 })
      expect(overlapping.stderr).toContain('/run/lab.yaml:4:20: subnet 198.51.100.0/25 overlaps ')
      const missing = tried(text.replace('links: ["web:front"]}', 'links: ["web:front"]}, nowhere'))
      expect(missing).toMatchObject({ code: 4 })
      expect(missing.stderr).toContain('/run/lab.yaml:7:56: there is no lab network "nowhere"')
      expect(host.try([...program, '/run/none.yaml', '--yes'])).toMatchObject({ code: 4 })
      expect(host.try([...program, '/dev/zero', '--yes'])).toMatchObject({ code: 5 })
      await settlesAs(host, before)
      // From standard input.
      host.run([...program, '-', '--yes'], { input: 'vethscope: 1\nnodes: {alone: {mode: none}}\n' })
      expect(host.run(['ls', '/run/netns'])).toBe('alone\n')
      host.run([...program, '-', '--remove', '--yes'], {
        input: '{"vethscope": 1, "nodes": {"alone": {"mode": "none"}}}',
      })
      await settlesAs(host, before)
    },
  )
}
