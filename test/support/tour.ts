/**
 * The five questions that people come with, each asked with the keys that the README names, on a real Docker host that
 * is broken for it just before. At 80×24.
 */
import { runner, uplink } from '../../fixtures/record/docker.ts'
import { ownEtc } from '../../fixtures/record/recording.ts'
import { startDocker, type DockerHost } from './docker.ts'
import { openTestTerminal, type TestTerminal } from './terminal.ts'

export type Act = {
  /** As the README asks it. */
  readonly question: string
  /** Before anybody looks. */
  readonly prepare: (stage: Stage) => void | Promise<void>
  readonly keys: (stage: Stage) => readonly Key[]
  /** A person sees this before the last key. */
  readonly sees?: RegExp
  /** Each is on the screen at the end, in this order. */
  readonly answers: (stage: Stage) => readonly RegExp[]
  readonly says: string
}

export type Key = string | { readonly paste: string }

export type Stage = {
  readonly engine: DockerHost
  readonly terminal: TestTerminal
  /** The end, on the host, of nginx1's link. */
  readonly veth: string
}

export type Scene = {
  readonly act: Act
  readonly keys: readonly Key[]
  /** 24 lines. */
  readonly screen: string
}

/** A busy machine reads an engine and its rules slowly. */
const limitMs = 30_000

const drop = ['DOCKER-USER', '-s', '172.17.0.2', '-j', 'DROP']

export const acts: readonly Act[] = [
  {
    question: 'Which container is behind this veth?',
    prepare: () => {},
    keys: ({ veth }) => ['f', { paste: veth }],
    answers: ({ veth }) => [
      new RegExp(`${veth}, veth, port of docker0`),
      /docker container nginx1 [0-9a-f]{12} +address 172\.17\.0\.3\/16/,
      /rule \d+ of DOCKER/,
      /8080\/tcp/,
      /:80 listens/,
    ],
    says: 'Its container with address, the rules that publish its ports, and what listens there.',
  },
  {
    question: 'Why can my container not get out?',
    prepare: async ({ engine, terminal }) => {
      engine.host.run(['sysctl', '-qw', 'net.ipv4.ip_forward=0'])
      await terminal.waitFor(/!! F01/, limitMs)
    },
    keys: () => ['!'],
    answers: () => [
      /F01 +docker0/,
      /ip_forward is 0/,
      /redis123: default via 172\.17\.0\.1/,
      /\$ sysctl net\.ipv4\.ip_forward/,
    ],
    says: 'The start view has said it already; `!` gives the evidence, and the command that shows the same.',
  },
  {
    question: 'Who publishes or blocks this port?',
    prepare: async ({ engine, terminal }) => {
      engine.host.run(['sysctl', '-qw', 'net.ipv4.ip_forward=1'])
      await terminal.waitFor((text) => !text.includes('F01'), limitMs)
      engine.host.run([
        'ip',
        'netns',
        'exec',
        'internet',
        'busybox',
        'wget',
        '-q',
        '-O',
        '-',
        'http://192.0.2.2:8080/',
      ])
    },
    keys: () => ['4', 'enter'],
    sees: /^> +0\.0\.0\.0:8080\/tcp/m,
    answers: () => [
      />.* DNAT +tcp :8080/,
      /sent on to\s+nginx1 \(172\.17\.0\.3\)\s+port 80/,
      /\$ iptables-nft -t nat -vnL DOCKER/,
    ],
    says: 'Screen 4 lists the ports, where they lead, and whether anything listens; Enter goes to the rule that does it, with its counters.',
  },
  {
    question: 'What changed a minute ago?',
    prepare: async ({ engine, terminal, veth }) => {
      engine.host.ip(`link set ${veth} nomaster`)
      await terminal.waitFor(/no bridge/, limitMs)
    },
    keys: () => ['7', '}'],
    answers: ({ veth }) => [new RegExp(`host +${veth} lost master docker0`)],
    says: 'Changes, with their time, newest first; the details of the link itself say it too.',
  },
  {
    question: 'Where do packets get lost?',
    prepare: async ({ engine, terminal, veth }) => {
      engine.host.ip(`link set ${veth} master docker0`)
      engine.host.run(['iptables', '-I', ...drop])
      await terminal.waitFor(/!! F02/, limitMs)
      // Nobody answers, so ping ends with 1.
      engine.host.try([
        'docker',
        '-H',
        engine.address,
        'exec',
        'redis123',
        '/bin/ping',
        '-c',
        '3',
        '-W',
        '1',
        '192.0.2.1',
      ])
    },
    keys: () => ['f', { paste: 'redis123' }, 'enter', 'tab', 'tab'],
    answers: () => [
      /path out/,
      /in redis123/,
      /docker0/,
      /filter DOCKER-USER 1 DROP +3 pk/,
      /the way ends there, before eth0/,
    ],
    says: 'The way out of the container, hop by hop, with the rule that ends it and how many packets met it. A wide terminal shows it all the time.',
  },
]

/** `program`: path of the built main.js. */
export async function takeTour(program: string): Promise<readonly Scene[]> {
  const engine = await startDocker('vm01')
  try {
    const { host } = engine
    ownEtc(host, 'vm01')
    uplink(engine)
    const run = runner(engine)
    run('redis123', [], ['/bin/httpd', '-f', '-h', '/www', '-p', '6379'])
    run(
      'nginx1',
      ['-p', '8080:80'],
      ['/bin/sh', '-c', 'echo fine > /www/index.html; exec httpd -f -h /www -p 80'],
    )
    run('sidecar', ['--network', 'container:redis123'])
    run('onhost', ['--network', 'host'])
    const veth = vethOf(engine, 'nginx1')
    const terminal = openTestTerminal(host.inside([process.execPath, program]))
    try {
      await terminal.waitFor(/4 ctr/, limitMs)
      await terminal.waitFor('live', limitMs)
      const scenes: Scene[] = []
      for (const act of acts) scenes.push(await played(act, { engine, terminal, veth }))
      return scenes
    } finally {
      terminal.close()
    }
  } finally {
    await engine.end()
  }
}

async function played(act: Act, stage: Stage): Promise<Scene> {
  const { terminal } = stage
  // Where nothing is open these say nothing.
  terminal.send('\x1b')
  await new Promise((done) => setTimeout(done, 150))
  terminal.send('1')
  await terminal.waitFor((text) => text.includes(' rx/s ') && !text.includes('Esc close'))
  await act.prepare(stage)
  const keys = act.keys(stage)
  for (const key of keys) {
    if (key === keys.at(-1) && act.sees !== undefined) await terminal.waitFor(act.sees, limitMs)
    if (typeof key === 'string') await terminal.press(key)
    else {
      terminal.send(`\x1b[200~${key.paste}\x1b[201~`)
      await terminal.waitFor(key.paste)
      await terminal.idle()
    }
  }
  const answers = act.answers(stage)
  const isAnswered = (text: string): boolean => answers.every((answer) => answer.test(text))
  await terminal.waitFor(isAnswered, limitMs)
  // The answer may stand there while the rest of the frame is still written.
  await terminal.idle()
  const screen = await terminal.waitFor(isAnswered, limitMs)
  return {
    act,
    keys,
    screen: screen
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n'),
  }
}

/** The end, on the host, of the link that a container calls eth0. */
function vethOf({ host, ...engine }: DockerHost, container: string): string {
  const number = Number(engine.docker('exec', container, '/bin/cat', '/sys/class/net/eth0/iflink'))
  const links = JSON.parse(host.run(['ip', '-j', 'link'])) as readonly { ifindex: number; ifname: string }[]
  const link = links.find(({ ifindex }) => ifindex === number)
  if (link === undefined) throw new Error(`no link ${number}, which would be the other end of ${container}`)
  return link.ifname
}

export function keyText(key: Key): string {
  if (typeof key !== 'string') return `paste “${key.paste}”`
  return { enter: 'Enter', tab: 'Tab', down: '↓' }[key] ?? key
}

/** docs/tour.md. */
export function transcript(scenes: readonly Scene[]): string {
  const head = `# Five questions on a real host

Docker, four containers, and somebody who breaks something before each question. The screens are the program's own, at
80×24; \`node docs/tour.mjs\` takes them anew, and \`test/tui/tour.test.ts\` checks that they answer, and that the
tabs and footers are still these.
`
  const parts = scenes.map(({ act, keys, screen }, at) => {
    const count = `${keys.length} ${keys.length === 1 ? 'key' : 'keys'}`
    const pressed = keys.map((key) => `\`${keyText(key)}\``).join(' ')
    return `\n## ${at + 1}. ${act.question}\n${count}: ${pressed}\n\n${act.says}\n\n\`\`\`\n${screen.trimEnd()}\n\`\`\`\n`
  })
  return head + parts.join('')
}
