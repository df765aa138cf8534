/** Labs on a played host: changes planned from what is read there and run step by step, and who reaches whom. */
import { vi } from 'vitest'
import { planOf } from '../../src/change/plan-of.ts'
import type { Intent, IntentOf } from '../../src/model/intent.ts'
import type { Command, Plan } from '../../src/model/plan.ts'
import type { World } from '../../src/model/world.ts'
import type { TestHost } from '../support/host.ts'
import { bundle } from '../support/bundle.ts'

const reader = `
import { liveSource } from './src/source.ts'
const source = liveSource({ version: '0', reader: 'auto', signal: new AbortController().signal })
const must = (each) => { if (!each.ok) throw new Error(each.failure.what); return each.value }
const world = must(await source.readWorld({ details: false, deep: false }))
const detailed = must(await source.withDetails(world, [world.host]))
process.stdout.write(JSON.stringify(must(await source.withFirewall(detailed, [world.host]))))
process.exit(0)
`
let file: Promise<string> | null = null

/** With the dear parts and the rules of the host, as plans are made from (src/changer.ts). */
export async function readHost(host: TestHost, wrap: readonly string[] = []): Promise<World> {
  file ??= bundle(reader)
  return JSON.parse(host.run([...wrap, process.execPath, await file])) as World
}

const allTools = ['ip', 'nft', 'iptables', 'ip6tables', 'conntrack', 'sysctl', 'nsenter', 'bridge', 'tee']

export function context(world: World, without: readonly string[] = []) {
  return {
    folder: `/run/vethscope/${world.host}`,
    hostPath: null,
    tools: new Set(allTools.filter((tool) => !without.includes(tool))),
    now: '2026-11-21T14:00:00.000Z',
  }
}

export async function planned(
  host: TestHost,
  intent: Intent,
  without: readonly string[] = [],
): Promise<Plan> {
  const world = await readHost(host)
  const plan = planOf(world, intent, context(world, without))
  if (!plan.ok) throw new Error(plan.refusals.map(({ what }) => what).join('; '))
  return plan.value
}

export async function refusals(host: TestHost, intent: Intent): Promise<readonly string[]> {
  const world = await readHost(host)
  const plan = planOf(world, intent, context(world))
  return plan.ok ? [] : plan.refusals.map(({ what }) => what)
}

export async function change(host: TestHost, intent: Intent, without: readonly string[] = []): Promise<Plan> {
  const plan = await planned(host, intent, without)
  host.run(['mkdir', '-p', `/run/vethscope/${hostId(host)}/lab`])
  for (const { command } of plan.steps) run(host, command)
  return plan
}

export function undo(host: TestHost, { steps }: Plan): void {
  for (const step of steps.toReversed()) {
    if ('irreversible' in step.undo) throw new Error(step.undo.irreversible)
    for (const command of step.undo) run(host, command)
  }
}

function hostId(host: TestHost): string {
  return host.run(['stat', '-Lc', '%i', '/proc/self/ns/net']).trim()
}

function run(host: TestHost, { argv, input, also = [] }: Command): void {
  if (also.length > 0 && also.includes(host.try(argv).code ?? 0)) return
  host.run(argv, input === undefined ? {} : { input })
}

export function create(name: string, fields: Partial<IntentOf<'net-create'>> = {}): IntentOf<'net-create'> {
  return {
    kind: 'net-create',
    name,
    driver: 'bridge',
    subnets: [],
    gateways: [],
    ipRanges: [],
    remotes: [],
    internal: false,
    ipv6: false,
    icc: true,
    masquerade: true,
    options: {},
    labels: {},
    acceptInForeign: false,
    ...fields,
  }
}

export function node(
  name: string,
  network: string,
  fields: {
    readonly ports?: readonly string[]
    readonly ip?: string
    readonly links?: readonly string[]
  } = {},
): IntentOf<'node-add'> {
  const { ports = [], links = [], ip } = fields
  return {
    kind: 'node-add',
    name,
    mode: 'bridge',
    connections: [{ network, aliases: [], links: [...links], ...(ip === undefined ? {} : { ip }) }],
    ports: [...ports],
  }
}

/**
 * A host with the namespaces `outside` (198.51.100.9, which knows no way to the lab) and `beyond` (203.0.113.9), to which
 * outside goes through the host.
 */
export async function addOutside(host: TestHost): Promise<void> {
  host.ip(
    'netns add outside',
    'netns add beyond',
    'link add up0 type veth peer name eth0 netns outside',
    'link add up1 type veth peer name eth0 netns beyond',
    'addr add 198.51.100.1/24 dev up0',
    'addr add 203.0.113.1/24 dev up1',
    'addr add 2001:db8:1::1/64 dev up0 nodad',
    // Addresses that come by themselves, and late, would be a difference.
    'link set up0 addrgenmode none',
    'link set up1 addrgenmode none',
    'link set up0 up',
    'link set up1 up',
    'route add default via 198.51.100.9',
    'route add default via 2001:db8:1::9',
  )
  const inside = (name: string, lines: readonly string[]): void => {
    host.run(['ip', '-n', name, '-batch', '-'], { input: lines.join('\n') + '\n' })
  }
  inside('outside', [
    'addr add 198.51.100.9/24 dev eth0',
    'addr add 2001:db8:1::9/64 dev eth0 nodad',
    'link set eth0 addrgenmode none',
    'link set eth0 up',
    'link set lo up',
    'route add 203.0.113.0/24 via 198.51.100.1',
  ])
  inside('beyond', [
    'addr add 203.0.113.9/24 dev eth0',
    'link set eth0 addrgenmode none',
    'link set eth0 up',
    'link set lo up',
    'route add default via 203.0.113.1',
  ])
  // The kernel tells of a carrier a moment later, and then gives a route more.
  for (const name of ['', 'outside', 'beyond']) {
    const inside = name === '' ? [] : ['-n', name]
    await vi.waitFor(() => {
      if (/NO-CARRIER|state (?!UP|UNKNOWN)/.test(host.run(['ip', ...inside, '-o', 'link'])))
        throw new Error('no carrier')
    }, 10_000)
  }
}

const server = `
import socket, sys, threading
ports, address = [int(each) for each in sys.argv[1].split(',')], sys.argv[2]
family = socket.AF_INET6 if ':' in address else socket.AF_INET
def plain(who): return who[0].removeprefix('::ffff:')
def opened(kind, port):
    one = socket.socket(family, kind)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind((address, port))
    if kind == socket.SOCK_STREAM: one.listen(64)
    return one
def streams(one):
    while True:
        connection, who = one.accept()
        connection.sendall(plain(who).encode())
        connection.close()
def datagrams(one):
    while True:
        _, who = one.recvfrom(99)
        one.sendto(plain(who).encode(), who)
for port in ports:
    for kind, serve in ((socket.SOCK_STREAM, streams), (socket.SOCK_DGRAM, datagrams)):
        threading.Thread(target=serve, args=(opened(kind, port),)).start()
print('ready', flush=True)
`

const client = `
import ctypes, json, os, socket, sys, threading
libc = ctypes.CDLL(None, use_errno=True)
asked = json.load(sys.stdin)
answers = [None] * len(asked)
def ask(at, one):
    try:
        if one['from'] != 'host':
            file = os.open('/run/netns/' + one['from'], os.O_RDONLY)
            if libc.setns(file, 0x40000000) != 0: raise OSError('setns')
        family = socket.AF_INET6 if ':' in one['to'] else socket.AF_INET
        kind = socket.SOCK_STREAM if one['protocol'] == 'tcp' else socket.SOCK_DGRAM
        with socket.socket(family, kind) as own:
            own.settimeout(one['seconds'])
            own.connect((one['to'], one['port']))
            if one['protocol'] == 'udp': own.send(b'?')
            answers[at] = own.recv(99).decode()
    except OSError as error:
        answers[at] = None
all = [threading.Thread(target=ask, args=each) for each in enumerate(asked)]
for each in all: each.start()
for each in all: each.join()
print(json.dumps(answers))
`

/** tcp and udp on these ports, which answer with the address that they see. `at`: \`host\` or a name of /run/netns. */
export async function serve(
  host: TestHost,
  at: string,
  ports: readonly number[],
  address = '::',
): Promise<void> {
  host.run(['tee', '/run/server.py'], { input: server })
  const inside = at === 'host' ? [] : ['nsenter', `--net=/run/netns/${at}`]
  const said = await host.start([...inside, 'python3', '/run/server.py', ports.join(','), address])
  if (said !== 'ready') throw new Error(said)
}

export type Ask = {
  readonly from: string
  readonly to: string
  readonly port: number
  readonly protocol?: 'tcp' | 'udp'
  /** How long is waited for an answer. */
  readonly seconds?: number
}

/** The address that the server saw; null: no answer. All at once. */
export function answers(host: TestHost, asked: readonly Ask[]): readonly (string | null)[] {
  host.run(['tee', '/run/client.py'], { input: client })
  const input = JSON.stringify(asked.map((each) => ({ protocol: 'tcp', seconds: 1.2, ...each })))
  return JSON.parse(host.run(['python3', '/run/client.py'], { input })) as readonly (string | null)[]
}
