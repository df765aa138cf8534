/** Podman is let write its own rules anew, with the options of the service that answers: its containers are elsewhere than usual. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChangeResult } from '../../src/model/change-result.ts'
import { podmanTools, startPodman, type PodmanHost } from '../support/podman.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

const canRun = requires({ root: true, tools: [...podmanTools, 'ip', 'ping'] })

describe.runIf(canRun)('lost rules of a real Podman', () => {
  let engine: PodmanHost
  let program = ''

  beforeAll(async () => {
    program = join(await buildVethscope(), 'main.js')
    engine = await startPodman('podman07')
    engine.podman('network', 'create', '--subnet', '10.89.7.0/24', 'net1')
    engine.start('web', '--network', 'net1', '-p', '8080:80')
  })
  afterAll(() => engine?.end())

  const vethscope = (...args: readonly string[]) => engine.host.try([process.execPath, program, ...args])

  /** What they say, in an order of our own: Podman numbers nothing, and tears down before it sets up. */
  const saved = (): readonly string[] =>
    engine.host
      .run(['iptables-save'])
      .split('\n')
      .filter((line) => line.startsWith('-A ') && /NETAVARK|10\.89\.7/.test(line))
      .toSorted()

  const faults = (): readonly string[] =>
    (JSON.parse(vethscope('findings', '--json').stdout) as readonly { readonly id: string }[])
      .map(({ id }) => id)
      .filter((id) => id === 'F05' || id === 'F06')

  test('all of them are gone, and written back by Podman itself', () => {
    const whole = saved()
    expect(whole.length).toBeGreaterThan(5)
    engine.host.run(['nft', 'flush', 'ruleset'])
    expect(faults()).toEqual(['F06'])
    expect(vethscope('findings').stdout).toContain('vethscope rules restore --engine podman')
    const { code, stdout, stderr } = vethscope('rules', 'restore', '--engine', 'podman', '--yes', '--json')
    expect(code, stderr + stdout).toBe(0)
    const result = JSON.parse(stdout) as ChangeResult
    expect(result).toMatchObject({ applied: true, verified: true })
    expect(result.steps[0]?.command).toMatch(
      /^podman --root \S+ .*--runroot \/run\/podman-root .*network reload --all$/,
    )
    expect(saved()).toEqual(whole)
    expect(faults()).toEqual([])
  })
})
