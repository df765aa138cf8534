/** Labs on a played host: changes planned from what is read there and run step by step, and who reaches whom. */
import { vi } from 'vitest'
import type { Intent, IntentOf } from '../../src/model/intent.ts'
import type { TestHost } from '../support/host.ts'
import { bundle } from '../support/bundle.ts'

/** Makes the changes that its standard input names, one after another; `undo` takes the last one back. */
const program = `
import { readFileSync } from 'node:fs'
import { hostChanger } from './src/changer.ts'
import { liveSource } from './src/source.ts'
const { signal } = new AbortController()
const source = liveSource({ version: '0.0.0-test', reader: 'auto', signal })
const changer = hostChanger(source, { whole: () => source, env: {}, self: [], signal, keepAlive: () => () => {} })
const told = []
for (const intent of JSON.parse(readFileSync(0, 'utf8'))) {
  const plan = intent === 'undo' ? await changer.undoPlan(null) : await changer.plan(intent)
  if (!plan.ok) told.push({ refusals: plan.refusals.map(({ what }) => what), notes: [], wrong: [] })
  else {
    const result = await changer.apply(plan.value)
    const wrong = !result.ok ? [result.failure.what]
      : [...result.value.differences, ...result.value.left, ...result.value.error === undefined ? [] : [JSON.stringify(result.value.error)]]
    told.push({ refusals: [], notes: plan.value.notes, wrong, commands: plan.value.steps.map(({ command }) => command.argv.join(' ')) })
  }
}
process.stdout.write(JSON.stringify(told))
process.exit(0)
`
let file: Promise<string> | null = null

export type Told = {
  readonly refusals: readonly string[]
  readonly notes: readonly string[]
  readonly commands?: readonly string[]
}

/** One after another. Throws where one that is not refused does not do what it should. */
export async function changes(
  host: TestHost,
  intents: readonly (Intent | 'undo')[],
): Promise<readonly Told[]> {
  file ??= bundle(program)
  const said = host.run([process.execPath, await file], { input: JSON.stringify(intents) })
  const told = JSON.parse(said) as readonly (Told & { readonly wrong: readonly string[] })[]
  const wrong = told.flatMap((each) => each.wrong)
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  return told
}

/** The same where nothing may be refused. */
export async function change(
  host: TestHost,
  ...intents: readonly (Intent | 'undo')[]
): Promise<readonly Told[]> {
  const told = await changes(host, intents)
  const refused = told.flatMap(({ refusals }) => refusals)
  if (refused.length > 0) throw new Error(refused.join('\n'))
  return told
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

/** What takes it all away again, nodes before networks. */
export function removal(intents: readonly Intent[]): readonly Intent[] {
  return intents.toReversed().flatMap((intent): readonly Intent[] => {
    if (intent.kind === 'net-create') return [{ kind: 'net-rm', name: intent.name }]
    return intent.kind === 'node-add' ? [{ kind: 'node-rm', name: intent.name }] : []
  })
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
import os, socket, sys, threading
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
print('ready', os.getpid(), flush=True)
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

/**
 * tcp and udp on these ports, which answer with the address that they see; resolves with what ends it. `at`: \`host\` or a name of
 * /run/netns.
 */
export async function serve(
  host: TestHost,
  at: string,
  ports: readonly number[],
  address = '::',
): Promise<() => Promise<void>> {
  host.run(['tee', '/run/server.py'], { input: server })
  const inside = at === 'host' ? [] : ['nsenter', `--net=/run/netns/${at}`]
  const said = await host.start([...inside, 'python3', '/run/server.py', ports.join(','), address])
  const pid = /^ready (\d+)$/.exec(said)?.[1]
  if (pid === undefined) throw new Error(said)
  return async () => {
    host.run(['kill', '-9', pid])
    await vi.waitFor(() => {
      // Nobody waits for it: what is left of it has no namespace any more.
      const { code, stdout } = host.try(['cat', `/proc/${pid}/stat`])
      if (code === 0 && !stdout.includes(') Z')) throw new Error('it still runs')
    }, 10_000)
  }
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
