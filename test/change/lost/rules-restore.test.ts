/** The plan that writes lost rules back: which tool, what text, what takes it back, and why not. */
import { expect, test } from 'vitest'
import { planOf } from '../../../src/change/plan-of.ts'
import type { PlanContext } from '../../../src/change/planner.ts'
import type { Engine } from '../../../src/model/engine.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { IntentOf } from '../../../src/model/intent.ts'
import type { Process } from '../../../src/model/process.ts'
import type { World } from '../../../src/model/world.ts'
import { container } from '../../support/engine.ts'
import { context as usual } from '../plain/support.ts'
import { dockerOf, net, proxy, runs, type Docker } from '../../derive/engine-rules/support-engine.ts'

const context: PlanContext = {
  ...usual,
  tools: new Set(['ip', 'nft', 'iptables', 'ip6tables', 'iptables-nft', 'iptables-legacy']),
  iptables: 'iptables-nft',
}
const intent: IntentOf<'rules-restore'> = { kind: 'rules-restore', engine: 'docker' }

const one = net('one', '10.1.0.0/24')
const docker: Docker = {
  networks: [one],
  containers: [runs('web', { one: '10.1.0.2' }, ['8080:80'])],
  processes: [proxy(9, 8080, '10.1.0.2', 80)],
}

function planned(docker: Docker, more: Partial<PlanContext> = {}) {
  const plan = planOf(dockerOf(docker).world, intent, { ...context, ...more })
  if (!plan.ok) throw new Error(plan.refusals.map(({ what }) => what).join('; '))
  return plan.value
}

function refusal(
  world: World,
  which: IntentOf<'rules-restore'> = intent,
  more: Partial<PlanContext> = {},
): string {
  const plan = planOf(world, which, { ...context, ...more })
  return plan.ok ? 'it is not refused' : plan.refusals.map(({ what }) => what).join('; ')
}

const nat = `*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -o tun0 -j MASQUERADE
-A POSTROUTING -s 10.1.0.2/32 -d 10.1.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE
-A DOCKER -i br-one -j RETURN
-A DOCKER ! -i br-one -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.1.0.2:80
COMMIT
`
const filter = `*filter
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o br-one -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o br-one -j DOCKER
-A FORWARD -i br-one ! -o br-one -j ACCEPT
-A FORWARD -i br-one -o br-one -j ACCEPT
-A DOCKER -d 10.1.0.2/32 ! -i br-one -o br-one -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i br-one ! -o br-one -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o br-one -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -j RETURN
COMMIT
`
const masquerade = '-s 10.1.0.0/24 ! -o br-one -j MASQUERADE'

test('one MASQUERADE: at the head, where Docker puts it; nothing else is named', () => {
  const plan = planned({ ...docker, left: { ip: filter + nat } })
  expect(plan.notes).toEqual([])
  expect(plan.steps).toHaveLength(1)
  const fact = {
    kind: 'chain-rules',
    at: 'host',
    backend: 'iptables-nft',
    family: 'ip',
    table: 'nat',
    chain: 'POSTROUTING',
    lines: [masquerade],
  }
  expect(plan.steps[0]).toEqual({
    title: 'write back 1 rule of Docker in table ip nat',
    command: {
      argv: ['iptables-restore', '-w', '--noflush'],
      input: `*nat\n-I POSTROUTING 1 ${masquerade}\nCOMMIT\n`,
    },
    undo: [
      {
        argv: ['iptables-restore', '-w', '--noflush'],
        input: `*nat\n-D POSTROUTING ${masquerade}\nCOMMIT\n`,
      },
    ],
    after: [{ ...fact, there: true }],
    before: [{ ...fact, there: false }],
    touches: [{ path: ['host', 'iptables:ip nat', 'chain:POSTROUTING'], how: 'add' }],
  })
})

test('nothing is lost: no steps', () => {
  const left = {
    ip: filter + nat.replace('-A POSTROUTING -s', `-A POSTROUTING ${masquerade}\n-A POSTROUTING -s`),
  }
  const plan = planned({ ...docker, left })
  expect([plan.title, plan.steps]).toEqual(['nothing of Docker’s rules is lost', []])
})

test('all of them: a table is made first, chains before what leads there, and goes last', () => {
  const plan = planned(docker)
  expect(plan.steps.map(({ title }) => title)).toEqual([
    'make table ip filter',
    'write back DOCKER, DOCKER-ISOLATION-STAGE-1, DOCKER-ISOLATION-STAGE-2, DOCKER-USER and 12 rules of Docker in table ip filter',
    'make table ip nat',
    'write back DOCKER and 6 rules of Docker in table ip nat',
  ])
  const input = plan.steps[3]?.command.input?.split('\n') ?? []
  expect(input.slice(0, 2)).toEqual(['*nat', ':DOCKER - [0:0]'])
  expect(input.some((line) => line.startsWith('-I'))).toBe(false)
  const undo = plan.steps[3]?.undo ?? []
  const back = 'irreversible' in undo ? '' : (undo[0]?.input ?? '')
  expect(back.split('\n').slice(-3)).toEqual(['-X DOCKER', 'COMMIT', ''])
  expect(plan.notes).toEqual([
    expect.stringContaining('--iptables=false'),
    expect.stringContaining('the policy of FORWARD is not DROP'),
    expect.stringContaining('DOCKER-USER was gone'),
  ])
})

test('the iptables in which some are left, else that of the host; its own name where the other is meant', () => {
  const argvOf = (docker: Docker, more: Partial<PlanContext> = {}) =>
    planned(docker, more).steps.find(({ command }) => command.argv[0]?.includes('restore'))?.command.argv[0]
  expect(argvOf({ ...docker, left: { legacy: filter } })).toBe('iptables-legacy-restore')
  expect(argvOf({ ...docker, left: { legacy: filter } }, { iptables: 'iptables-legacy' })).toBe(
    'iptables-restore',
  )
  expect(argvOf(docker, { iptables: 'iptables-legacy' })).toBe('iptables-restore')
  const { world } = dockerOf(docker)
  expect(refusal(dockerOf({ ...docker, left: { ip: filter, legacy: filter } }).world)).toContain(
    'in iptables-nft and in iptables-legacy',
  )
  expect(refusal(world, intent, { tools: new Set(['nft']) })).toBe('iptables is not installed')
  const { iptables: _, ...nobodyLooked } = context
  const plan = planOf(world, intent, nobodyLooked)
  expect(plan.ok).toBe(false)
  // Of the legacy one tables cannot be taken away: none are made by themselves.
  expect(
    planned(docker, { iptables: 'iptables-legacy' }).steps.map(({ title }) => title.split(' ')[0]),
  ).toEqual(['write', 'write'])
})

test('what is in its chains and not its own is kept and told; forwarding that is off, too', () => {
  const left = { ip: filter + nat.replace('-A DOCKER -i', '-A DOCKER -p udp -j RETURN\n-A DOCKER -i') }
  expect(planned({ ...docker, left }).notes).toEqual([
    'chain DOCKER of table ip nat has what Docker would not write, and keeps it: -p udp -j RETURN',
  ])
})

test('why not', () => {
  const { world } = dockerOf(docker)
  const withEngine = (fields: Partial<Engine>): World => dockerOf({ ...docker, engine: fields }).world
  const host = world.netns[0]
  if (host === undefined) throw new Error('no host')
  expect(refusal(withEngine({ rootless: true }))).toContain('is rootless')
  expect(refusal(withEngine({ netns: netnsId(7) }), { ...intent, socket: '/run/docker.sock' })).toContain(
    'another network namespace',
  )
  expect(refusal({ ...world, netns: [{ ...host, firewall: null }] })).toContain('were not read')
  expect(refusal(withEngine({ version: '28.0.0' }))).toBe(
    'what Docker would have written cannot be told: Docker 28.0 writes other rules than those before and after it',
  )
  expect(refusal(world, { kind: 'rules-restore', engine: 'podman' })).toContain('no Podman')
})

const service = (...args: readonly string[]): Process => ({
  ...proxy(5, 1, '10.0.0.1', 1),
  comm: 'podman',
  args: ['podman', ...args],
})

function podman(processes: readonly Process[], endpoint = '/run/podman/podman.sock'): World {
  return dockerOf({
    networks: [],
    containers: [container('web', 200)],
    processes,
    engine: { engine: 'podman', version: '4.3.1', endpoint },
  }).world
}

test('Podman: by its own command, with the options of the service that answers at that socket', () => {
  const asked = { kind: 'rules-restore', engine: 'podman' } as const
  const argvOf = (world: World) => {
    const plan = planOf(world, asked, context)
    return plan.ok ? plan.value.steps[0]?.command.argv.join(' ') : plan.refusals[0]?.what
  }
  const root = ['--root', '/srv/p', '--runroot', '/run/p']
  expect(
    argvOf(podman([service(...root, 'system', 'service', '--time=0', 'unix:///run/podman/podman.sock')])),
  ).toBe('podman --root /srv/p --runroot /run/p network reload --all')
  expect(argvOf(podman([service('--log-level=info', 'system', 'service')]))).toBe(
    'podman --log-level=info network reload --all',
  )
  // Started by systemd when it is asked something.
  expect(argvOf(podman([]))).toBe('podman network reload --all')
  const elsewhere = 'where this Podman keeps its containers (--root, --runroot) is not known'
  expect(argvOf(podman([], '/run/other.sock'))).toBe(elsewhere)
  expect(argvOf(podman([service(...root, 'system', 'service', 'unix:///run/x.sock')]))).toBe(elsewhere)
})
