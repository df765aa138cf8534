/** A host with a lab of two networks beside Docker's, and answers of the change command that was run for the screen. */
import { labEngine } from '../../src/collect/lab/lab-engine.ts'
import type { ChangeResult, ChangeStep } from '../../src/model/change-result.ts'
import type { Engine } from '../../src/model/engine.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { LabNetwork, LabNode } from '../../src/model/lab.ts'
import type { World } from '../../src/model/world.ts'
import { docker, engineHost } from './engine-world.ts'
import { live, type Screen } from './screen.ts'

const host = netnsId(100)

const labNetwork: LabNetwork = {
  name: 'lab0',
  driver: 'bridge',
  bridge: 'lab0',
  ownsBridge: true,
  parent: null,
  mode: null,
  vxlan: null,
  subnets: [{ subnet: '172.19.0.0/16', gateway: '172.19.0.1', ipRange: null }],
  mtu: 1500,
  mac: '02:42:ac:13:00:01',
  internal: false,
  ipv6: false,
  icc: true,
  masquerade: true,
  acceptInForeign: false,
  options: {},
  labels: {},
  created: '2026-11-21T13:00:00.000Z',
}

const labNode: LabNode = {
  name: 'n1',
  mode: 'bridge',
  of: null,
  endpoints: [
    {
      network: 'lab0',
      link: 'eth0',
      hostLink: 'vs1',
      mac: '02:42:ac:13:00:02',
      ipv4: '172.19.0.2/16',
      ipv6: null,
      aliases: ['web'],
      isDefault: true,
      links: [],
    },
  ],
  ports: [{ hostIp: '0.0.0.0', hostPort: 8081, port: 80, protocol: 'tcp' }],
  created: '2026-11-21T13:00:00.000Z',
}

export function lab(unfinished: number | null = null): Engine {
  return labEngine(
    {
      host,
      networks: [labNetwork, { ...labNetwork, name: 'empty', bridge: 'empty' }],
      nodes: [labNode, { ...labNode, name: 'alone', mode: 'none', endpoints: [], ports: [] }],
      masquerades: [],
      unfinished,
    },
    () => null,
  )
}

export function labHost(unfinished: number | null = null): World {
  return engineHost([docker, lab(unfinished)])
}

export function opened(options: Parameters<typeof live>[1] = {}, world = labHost()): Screen {
  const it = live(world, options)
  it.keys('5')
  return it
}

export function step(title: string, command: string, undo: ChangeStep['undo']): ChangeStep {
  return { title, command, undo, outcome: 'not run' }
}

export const making: readonly ChangeStep[] = [
  step(
    'make bridge lab1',
    'ip link add lab1 address 02:42:ac:14:00:01 mtu 1500 type bridge stp_state 0 mcast_snooping 1',
    ['ip link delete lab1'],
  ),
  step('give lab1 its address', 'ip addr add 172.20.0.1/16 dev lab1', ['ip addr del 172.20.0.1/16 dev lab1']),
  step('write the rules', "nft -f - <<'EOF'\ntable ip vethscope {\n  chain out { }\n}\nEOF", [
    'nft delete table ip vethscope',
  ]),
  step('flush what is stale', 'conntrack -D -p udp', {
    irreversible: 'connections that are forgotten stay so',
  }),
]

export function result(fields: Partial<ChangeResult> = {}): ChangeResult {
  return {
    id: null,
    title: 'make network lab1',
    applied: false,
    verified: false,
    steps: making,
    left: [],
    differences: [],
    notes: [],
    ...fields,
  }
}

/** What was asked for last is answered. */
export function planned(it: Screen, fields: Partial<ChangeResult> = {}): void {
  const asked = it.effects.findLast((each) => each.type === 'plan-change')
  if (asked === undefined) throw new Error('no plan was asked for')
  it.send({ type: 'change-planned', id: asked.id, answer: { ok: true, result: result(fields) } })
}

export function refusedPlan(it: Screen, what: string, hint: string | null = null): void {
  const asked = it.effects.findLast((each) => each.type === 'plan-change')
  if (asked === undefined) throw new Error('no plan was asked for')
  const failure = { what, hint, others: [{ what: 'lab1 is a name of Docker', hint: null }] }
  it.send({ type: 'change-planned', id: asked.id, answer: { ok: false, failure } })
}

export function argvOf(it: Screen, type: 'plan-change' | 'make-change'): readonly string[] | null {
  const asked = it.effects.findLast((each) => each.type === type)
  return asked !== undefined && 'argv' in asked ? asked.argv : null
}

export function idOf(it: Screen): number {
  const asked = it.effects.findLast((each) => each.type === 'make-change')
  if (asked === undefined) throw new Error('nothing is made')
  return asked.id
}

export function tick(it: Screen, at: number, outcome: ChangeStep['outcome']): void {
  const own = making[at]
  if (own === undefined) throw new Error(`there is no step ${at}`)
  const told = { type: 'step', number: at + 1, of: making.length, step: { ...own, outcome } } as const
  it.send({ type: 'change-told', id: idOf(it), told })
}
