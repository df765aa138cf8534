/** Plans made on the real kernel, and taken back where a step fails. */
import { once } from 'node:events'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { Plan } from '../../src/model/plan.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { stateOf, type HostState } from '../support/host-state.ts'
import { requires } from '../support/requires.ts'
import { buildChangeProgram, changeProgram, planOfSteps, sorts, step } from './support-change.ts'

if (requires({ root: true, tools: ['ip', 'bridge', 'nft', 'sysctl', 'flock', 'nsenter'] })) {
  let program = ''
  beforeAll(async () => {
    program = await buildChangeProgram()
  })

  async function hostWith(): Promise<TestHost> {
    const host = await playHost()
    onTestFinished(() => host.end())
    host.run(['tee', '/run/vethscope-test'], { input: 'old\n' })
    return host
  }

  async function restState(host: TestHost): Promise<HostState> {
    return vi.waitFor(
      () => {
        const [one, two] = [stateOf(host), stateOf(host)]
        expect(two).toEqual(one)
        return two
      },
      { timeout: 20_000, interval: 200 },
    )
  }

  const backTo = (host: TestHost, before: HostState) =>
    vi.waitFor(() => expect(stateOf(host)).toEqual(before), { timeout: 10_000, interval: 200 })

  test('all steps are made, and what should be true was seen to be', async () => {
    const host = await hostWith()
    const { apply, journal, cleanup } = changeProgram(host, program)
    const { outcome, stderr } = apply(planOfSteps(...sorts))
    expect(outcome).toMatchObject({
      ok: true,
      value: { id: 1, applied: true, verified: true, left: [], differences: [] },
    })
    expect(stderr.split('\n').slice(0, 4)).toEqual(['not run 1', 'done 1', 'not run 2', 'done 2'])
    expect(host.run(['cat', '/run/vethscope-test'])).toBe('new\n')
    expect(host.run(['nft', 'list', 'table', 'ip', 'ours'])).toContain('10.8.0.0/24')
    expect(journal()).toMatchObject([{ id: 1, state: 'applied', undoneBy: null }])
    expect(cleanup().outcome).toEqual({ ok: true, value: { cleaned: [] } })
    expect(host.run(['sh', '-c', 'ls /run/vethscope/*'])).not.toContain('running')
  })

  test('where a step fails, all before it is taken back', async () => {
    const host = await hostWith()
    const { apply, journal } = changeProgram(host, program)
    const before = await restState(host)
    for (let at = 0; at <= sorts.length; at += 1) {
      const plan = planOfSteps(...sorts.slice(0, at), step('ip link del nosuch', []), ...sorts.slice(at))
      const { outcome } = apply(plan)
      expect(outcome).toMatchObject({
        ok: true,
        value: {
          applied: false,
          verified: true,
          left: [],
          error: { command: 'ip link del nosuch', exitCode: 1, stderr: 'Cannot find device "nosuch"\n' },
        },
      })
      const outcomes = outcome?.ok === true ? outcome.value.steps.map((each) => each.outcome) : []
      expect(outcomes).toEqual([
        ...sorts.slice(0, at).map(() => 'undone'),
        'failed',
        ...sorts.slice(at).map(() => 'not run'),
      ])
      await backTo(host, before)
    }
    expect(journal().map(({ state }) => state)).toEqual(Array(sorts.length + 1).fill('rolled back'))
  })

  /** A step that waits until somebody writes to /run/gate. */
  const gate = () => step({ argv: ['sh', '-c', 'echo at the gate >&2; read -r _ < /run/gate'] }, [])
  const open = (host: TestHost) => host.run(['sh', '-c', 'echo go > /run/gate'])

  /** Applies in the background; `said` is what it told so far. */
  function applying(host: TestHost, plan: Plan, name: string) {
    const file = `/run/${name}.json`
    host.run(['tee', file], { input: JSON.stringify(plan) })
    const { argv } = changeProgram(host, program)
    const child = host.spawn(['sh', '-c', `exec "$@" < ${file}`, 'sh', ...argv('apply')])
    const said = { stdout: '', stderr: '' }
    for (const each of ['stdout', 'stderr'] as const)
      child[each]?.on('data', (data: Buffer) => {
        said[each] += String(data)
      })
    return { said, ended: once(child, 'close') }
  }

  test('of two at once the second waits, is told for whom, and sees the host as the first left it', async () => {
    const host = await hostWith()
    host.run(['mkfifo', '/run/gate'])
    const [netns, bridge] = sorts
    if (netns === undefined || bridge === undefined) throw new Error('no steps')
    const first = applying(host, planOfSteps(gate(), netns), 'first')
    await vi.waitFor(() => expect(first.said.stderr).toContain('not run 1'), { timeout: 20_000 })
    const second = applying(host, planOfSteps(bridge), 'second')
    const same = applying(host, planOfSteps(netns), 'same')
    await vi.waitFor(
      () => {
        for (const each of [second, same])
          expect(each.said.stderr).toMatch(/^process \d+ is changing this host \(by hand\): waiting for it$/m)
      },
      { timeout: 20_000 },
    )
    expect(stateOf(host)['host link']?.join()).not.toContain('lab0')
    open(host)
    await Promise.all([first.ended, second.ended, same.ended])
    for (const each of [first, second])
      expect(JSON.parse(each.said.stdout)).toMatchObject({
        ok: true,
        value: { applied: true, verified: true },
      })
    // What it was planned on is not so any more: nothing was begun, and above all nothing taken back.
    expect(JSON.parse(same.said.stdout)).toMatchObject({
      ok: false,
      failure: {
        kind: 'refused',
        what: expect.stringContaining('the host is not as it was when this was planned: netns web'),
      },
    })
    expect(stateOf(host)['host names']).toEqual(['web'])
  })

  test('told to end, it waits for the command that runs, and takes back what was done', async () => {
    const host = await hostWith()
    host.run(['mkfifo', '/run/gate'])
    const before = await restState(host)
    const [netns, bridge, pair] = sorts
    if (netns === undefined || bridge === undefined || pair === undefined) throw new Error('no steps')
    const change = applying(host, planOfSteps(netns, gate(), bridge, pair), 'first')
    await vi.waitFor(() => expect(change.said.stderr).toContain('not run 2'), { timeout: 20_000 })
    host.run(['sh', '-c', 'kill -INT $(grep -o "[0-9]*" /run/vethscope/*/running | sed -n 2p)'])
    open(host)
    await change.ended
    expect(JSON.parse(change.said.stdout)).toMatchObject({
      ok: true,
      value: {
        applied: false,
        verified: true,
        left: [],
        steps: ['undone', 'undone', 'not run', 'not run'].map((outcome) => ({ outcome })),
        error: { what: 'it was stopped' },
      },
    })
    await backTo(host, before)
  })

  test('on a full disk nothing is begun; one that becomes full stops it, and it is taken back', async () => {
    const host = await hostWith()
    host.run(['mkdir', '-m', '700', '/run/vethscope'])
    host.run(['mount', '-t', 'tmpfs', '-o', 'size=128k,mode=700', 'tmpfs', '/run/vethscope'])
    const before = await restState(host)
    const { apply, journal } = changeProgram(host, program)
    const fill = 'dd if=/dev/zero of=/run/vethscope/fill bs=1k'
    // It stays full on the way back.
    const filling = step({ argv: fill.split(' '), also: [1] }, [])
    const { outcome } = apply(planOfSteps(...sorts.slice(0, 4), filling, ...sorts.slice(4)))
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        applied: false,
        verified: true,
        left: [],
        error: { what: expect.stringMatching(/^cannot write .*journal: no space left on device$/) },
      },
    })
    expect(journal()).toMatchObject([{ state: 'rolled back' }])
    host.run(['rm', '/run/vethscope/fill'])
    await backTo(host, before)
    host.try(['sh', '-c', fill])
    expect(apply(planOfSteps(...sorts)).outcome).toMatchObject({
      ok: false,
      failure: { kind: 'refused', what: expect.stringContaining('no space left on device') },
    })
    host.run(['rm', '/run/vethscope/fill'])
    await backTo(host, before)
    expect(apply(planOfSteps(...sorts)).outcome).toMatchObject({ value: { applied: true, verified: true } })
  })

  test('a path that leads to another namespace by now is not entered', async () => {
    const host = await hostWith()
    host.ip('netns add web')
    const { apply } = changeProgram(host, program)
    const entering = {
      argv: ['nsenter', '--net=/run/netns/web', 'ip', 'link', 'add', 'b', 'type', 'bridge'],
      enters: [{ path: '/run/netns/web', id: '1' }],
    }
    expect(apply(planOfSteps(step(entering, []))).outcome).toMatchObject({
      value: {
        applied: false,
        error: { stderr: expect.stringMatching(/^\/run\/netns\/web leads to another netns now/) },
      },
    })
    expect(host.run(['ip', '-n', 'web', 'link'])).not.toContain('b:')
  })
}
