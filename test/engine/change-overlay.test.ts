/** Overlays of a real Swarm: made and removed only by a manager and where that is said; what was removed comes back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { netCommands } from '../../src/command/net-commands.ts'
import { netCreate } from '../../src/command/net-create.ts'
import type { Intent } from '../../src/model/intent.ts'
import { readNetworkFile } from '../../src/netfile/read-network-file.ts'
import { networkState } from '../support/docker-state.ts'
import { dockerTools } from '../support/docker.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { requires } from '../support/requires.ts'
import { startSwarm, type Swarm } from '../support/swarm.ts'
import { typed } from '../support/typed.ts'

const vxlanIds = 'com.docker.network.driver.overlay.vxlanid_list'

describe.runIf(requires({ root: true, tools: [...dockerTools, 'flock'] }))('overlays of a Swarm', () => {
  let swarm: Swarm
  let manager: LabRunner
  let worker: LabRunner

  const asked = async (line: string) => {
    const words = ['net', ...line.split(' '), '--engine', 'docker']
    const [intent] = await typed(words, [netCreate, ...netCommands])
    if (intent === undefined) throw new Error(`${line}: nothing is asked for`)
    return intent
  }
  const names = (): readonly string[] =>
    swarm.nodes[0].docker('network', 'ls', '--format', '{{.Name}}').split('\n').toSorted()

  beforeAll(async () => {
    swarm = await startSwarm()
    ;[manager, worker] = await Promise.all([labOn(swarm.nodes[0].host), labOn(swarm.nodes[1].host)])
  }, 240_000)

  afterAll(async () => {
    await swarm?.end()
  })

  test('as docker makes it, and gone when undone', { timeout: 90_000 }, async () => {
    const [one] = swarm.nodes
    const before = names()
    one.docker(
      'network',
      'create',
      '-d',
      'overlay',
      '--attachable',
      '--subnet',
      '10.88.0.0/24',
      '-o',
      'encrypted',
      'far',
    )
    const made = withoutVni(networkState(one, 'far'))
    one.docker('network', 'rm', 'far')
    const line = 'create far --driver overlay --attachable --subnet 10.88.0.0/24 --opt encrypted'
    expect(await manager.refusals(await asked(line))).toEqual([
      'network far concerns every host of the swarm, not this one alone',
    ])
    expect(await worker.refusals(await asked(`${line} --swarm-wide`))).toEqual([
      expect.stringMatching(
        /^network far concerns the whole swarm, and this host \(10\.99\.0\.2\) does not manage it$/,
      ),
    ])
    await manager.change(await asked(`${line} --swarm-wide`))
    expect(withoutVni(networkState(one, 'far'))).toEqual(made)
    await manager.undo()
    expect(names()).toEqual(before)
  })

  test('removed and brought back, with the same VNI', { timeout: 90_000 }, async () => {
    const [one] = swarm.nodes
    one.docker('network', 'create', '-d', 'overlay', '--attachable', '--label', 'a=b', '--internal', 'back')
    const made = networkState(one, 'back')
    expect(await manager.refusals(await asked('rm back'))).toEqual([
      'network back concerns every host of the swarm, not this one alone',
    ])
    await manager.change(await asked('rm back --swarm-wide'))
    expect(names()).not.toContain('back')
    await manager.undo()
    expect(networkState(one, 'back')).toEqual(made)
    one.docker('network', 'rm', 'back')
  })

  test(
    'from a file: as docker makes it, nothing to do the second time, and gone',
    {
      timeout: 90_000,
    },
    async () => {
      const [one] = swarm.nodes
      const before = names()
      one.docker('network', 'create', '-d', 'overlay', '--attachable', '--subnet', '10.87.0.0/24', 'filed')
      const made = withoutVni(networkState(one, 'filed'))
      one.docker('network', 'rm', 'filed')
      const network = 'engine: docker, driver: overlay, subnets: [10.87.0.0/24], attachable: true'
      const file = (more: string, remove = false): Intent => {
        const read = readNetworkFile(`vethscope: 1\nnetworks: {filed: {${network}${more}}}`, 'lab.yaml')
        if (!read.ok) throw new Error(read.failure.what)
        return { kind: 'net-apply', file: read.value, remove }
      }
      expect(await manager.refusals(file(''))).toEqual([
        'network filed concerns every host of the swarm, not this one alone',
      ])
      await manager.change(file(', swarm_wide: true'))
      expect(withoutVni(networkState(one, 'filed'))).toEqual(made)
      expect((await manager.plan(file(', swarm_wide: true'))).steps).toEqual([])
      await manager.change(file(', swarm_wide: true', true))
      expect(names()).toEqual(before)
    },
  )

  test('a container is taken off an overlay and put on again', { timeout: 90_000 }, async () => {
    const [one] = swarm.nodes
    const place = (): unknown =>
      one.inspect('inspect', '-f', '{{json .NetworkSettings.Networks.ov1.IPAddress}}', 'left')
    const before = place()
    await manager.change(await asked('disconnect ov1 left'))
    await manager.undo()
    expect(place()).toEqual(before)
    expect(one.docker('exec', 'left', 'ping', '-c', '1', '-W', '5', 'right')).toContain('1 packets received')
  })

  test('the routing mesh is removed and brought back', { timeout: 90_000 }, async () => {
    const [one] = swarm.nodes
    const mesh = () => {
      const { Containers: _, Peers: __, ...made } = networkState(one, 'ingress') as Record<string, unknown>
      // The swarm makes it without any, and tells none then.
      return { ...made, Labels: made['Labels'] ?? {} }
    }
    const made = mesh()
    await manager.change(await asked('rm ingress --swarm-wide'))
    expect(names()).not.toContain('ingress')
    await manager.undo()
    expect(mesh()).toEqual(made)
  })

  test('what the swarm keeps for itself', { timeout: 60_000 }, async () => {
    expect(await manager.refusals(await asked('rm docker_gwbridge --force'))).toEqual([
      'network docker_gwbridge is the swarm’s own: it goes when the host leaves it',
    ])
    expect(await manager.refusals(await asked('connect ingress left'))).toEqual([
      expect.stringMatching(/^network ingress is the swarm’s own/),
    ])
    expect((await manager.plan(await asked('prune'))).steps).toEqual([])
  })
})

/** Another one each time. */
function withoutVni(network: unknown): unknown {
  const text = JSON.stringify(network)
  expect(text).toContain(vxlanIds)
  return JSON.parse(text.replace(new RegExp(`("${vxlanIds}":)"\\d+"`), '$1"N"')) as unknown
}
