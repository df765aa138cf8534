/** Many nodes on one network, planned each after the other, on the real kernel. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { planOf } from '../../src/change/plan-of.ts'
import type { EtcNetns, PlanContext } from '../../src/change/planner.ts'
import { shellText } from '../../src/change/script.ts'
import type { Intent } from '../../src/model/intent.ts'
import { isUnknown, listOf } from '../../src/model/known.ts'
import type { Lab, LabNode } from '../../src/model/lab.ts'
import type { Command, Plan } from '../../src/model/plan.ts'
import type { World } from '../../src/model/world.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { network, node, on } from '../support/lab-wishes.ts'
import { requires } from '../support/requires.ts'
import { named, readOn } from './support-world.ts'

const count = 60
const name = (at: number): string => `n${at}`

if (requires({ root: true, tools: ['ip', 'nft', 'ping', 'getent'] })) {
  let host: TestHost
  let lab: LabRunner
  beforeAll(async () => {
    host = await playHost()
    lab = await labOn(host)
    await lab.change(network('lab0', { subnets: ['10.9.0.0/16'] }))
  })
  afterAll(() => host.end())

  test('all have their own address, reach each other by name, and hear of who comes and goes', async () => {
    const before = await readOn(host, { details: true })
    const added = planAll(
      before.world,
      Array.from({ length: count }, (_, at) => node(name(at), [on('lab0')])),
    )
    host.run(['sh', '-e'], { input: added.map(scriptOf).join('\n') })
    // One more with all there are, as it is usually made.
    await lab.change(node('last', [on('lab0', { aliases: ['end'] })]))

    const { world } = await readOn(host)
    const addresses = Array.from({ length: count }, (_, at) =>
      listOf(named(world, name(at)).addresses)
        .filter(({ family, local }) => family === 'inet' && local !== '127.0.0.1')
        .map(({ local }) => local),
    )
    expect(addresses.map((each) => each.length)).toEqual(Array.from({ length: count }, () => 1))
    expect(new Set(addresses.flat()).size).toBe(count)
    const bridge = named(world, 'host')
    const index = listOf(bridge.links).find((link) => link.name === 'lab0')?.ifindex
    expect(listOf(bridge.links).filter(({ master }) => master === index)).toHaveLength(count + 1)
    const lines = host.run(['cat', `/etc/netns/${name(0)}/hosts`]).split('\n')
    expect(lines.filter((line) => line.startsWith('10.9.'))).toHaveLength(count + 1)
    for (const [from, to] of [
      [0, name(count - 1)],
      [count - 1, 'n0'],
      [7, 'end'],
    ] as const) {
      expect(host.try(['ip', 'netns', 'exec', name(from), 'ping', '-c1', '-W2', to]).code).toBe(0)
    }

    await lab.change({ kind: 'node-rm', name: 'last' })
    const left = host.run(['cat', `/etc/netns/${name(1)}/hosts`]).split('\n')
    expect(left.filter((line) => line.startsWith('10.9.'))).toHaveLength(count)
  }, 60_000)

  function planAll(from: World, intents: readonly Intent[]): readonly Plan[] {
    const context: PlanContext = {
      folder: `/run/vethscope/${from.host}`,
      hostPath: null,
      tools: new Set(['ip', 'nft', 'sysctl', 'nsenter', 'tee', 'mount', 'conntrack']),
      now: '2026-11-21T12:00:00.000Z',
    }
    let world = from
    return intents.map((intent) => {
      const plan = planOf(world, intent, { ...context, etcNetns: filesOf(world) })
      if (!plan.ok) throw new Error(plan.refusals.map(({ what }) => what).join('; '))
      world = after(world, plan.value)
      return plan.value
    })
  }
}

/** Names of the others, which each plan writes anew, are left to those that are made one by one: as many files times as many. */
function scriptOf({ steps }: Plan): string {
  const isOfOthers = ({ argv }: Command): boolean => argv[0] === 'tee' && argv.length > 2
  return steps.flatMap(({ command }) => (isOfOthers(command) ? [] : [shellText(command)])).join('\n')
}

/** As the plan leaves the records of the lab, which are what the next one is planned with. */
function after(world: World, { steps }: Plan): World {
  const [lab] = world.labs === undefined || isUnknown(world.labs) ? [] : world.labs
  if (lab === undefined) throw new Error('no lab')
  let nodes: Lab['nodes'] = lab.nodes
  for (const { command } of steps) {
    const [, of] = /\/lab\/node-(.*)\.json$/.exec(command.argv.at(-1) ?? '') ?? []
    if (of === undefined) continue
    nodes = nodes.filter((each) => each.name !== of)
    if (command.input !== undefined) nodes = [...nodes, JSON.parse(command.input) as LabNode]
  }
  return { ...world, labs: [{ ...lab, nodes }] }
}

/** What is in /etc/netns then matters only to what would bring it back. */
function filesOf({ labs }: World): EtcNetns {
  const nodes = labs === undefined || isUnknown(labs) ? [] : (labs[0]?.nodes ?? [])
  const files = new Map([
    ['hosts', ''],
    ['resolv.conf', ''],
  ])
  return nodes.length === 0 ? null : new Map(nodes.map((each) => [each.name, files]))
}
