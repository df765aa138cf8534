/** Plans made on the real kernel, and taken back where a step fails. */
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
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
}
