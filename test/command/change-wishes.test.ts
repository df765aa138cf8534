/** What is typed → what is asked for. */
import { expect, test } from 'vitest'
import { parse } from '../../src/cli/parse.ts'
import { commands } from '../../src/command/table.ts'
import type { Deps } from '../../src/command/command.ts'
import type { Failure } from '../../src/lib/failure.ts'
import { intentSchema, type Intent } from '../../src/model/intent.ts'
import type { Source } from '../../src/source.ts'
import { changeDeps, fakeChanger, fakePerson } from '../support/fake-changer.ts'
import { looksOnly } from '../support/looks-only.ts'
import { someProgram } from '../support/program-facts.ts'
import { network as asked } from '../support/lab-wishes.ts'

const none = () => Promise.reject(new Error('nothing is read for this'))
const source: Source = {
  kind: 'live',
  file: null,
  readWorld: none,
  withDetails: none,
  withFirewall: none,
  withConntrack: none,
  withCounters: none,
  readTool: none,
}

async function typed(line: string): Promise<readonly Intent[] | Failure> {
  const parsed = parse(line.split(' '), commands, '1.2.3')
  if (!parsed.ok) return parsed.failure
  if (parsed.value.type !== 'run') throw new Error(`${line}: no command`)
  const { changer, asked } = fakeChanger()
  const deps: Deps = {
    source,
    open: () => source,
    program: someProgram,
    ...looksOnly,
    ...changeDeps(changer, fakePerson(null).person),
    signal: new AbortController().signal,
    folder: '.',
  }
  const result = await parsed.value.command.run(deps, { ...parsed.value.values, yes: true })
  return result.ok ? asked.intents : result.failure
}

const network = asked('lab0')
const plainly = { aliases: [], links: [] }

test.each<readonly [string, readonly object[]]>([
  ['netns add red', [{ kind: 'netns-add', name: 'red' }]],
  ['netns rm red', [{ kind: 'netns-rm', name: 'red' }]],
  [
    'link add-veth red a blue b --up --mtu 1400 --mac 02:00:00:00:00:01',
    [
      {
        kind: 'veth-add',
        netns: 'red',
        link: 'a',
        peerNetns: 'blue',
        peerLink: 'b',
        up: true,
        mtu: 1400,
        mac: '02:00:00:00:00:01',
      },
    ],
  ],
  [
    'link add-veth host a red b',
    [{ kind: 'veth-add', netns: 'host', link: 'a', peerNetns: 'red', peerLink: 'b', up: false }],
  ],
  ['link rm red a', [{ kind: 'link-rm', netns: 'red', link: 'a' }]],
  ['link move red a blue --name c', [{ kind: 'link-move', netns: 'red', link: 'a', to: 'blue', name: 'c' }]],
  ['link move red a blue', [{ kind: 'link-move', netns: 'red', link: 'a', to: 'blue' }]],
  ['link rename red a b', [{ kind: 'link-rename', netns: 'red', link: 'a', name: 'b' }]],
  ['link up red a', [{ kind: 'link-up', netns: 'red', link: 'a' }]],
  ['link down red a', [{ kind: 'link-down', netns: 'red', link: 'a' }]],
  ['link attach host a br0', [{ kind: 'link-attach', netns: 'host', link: 'a', bridge: 'br0' }]],
  ['link detach host a', [{ kind: 'link-detach', netns: 'host', link: 'a' }]],
  ['link mtu host a 1400', [{ kind: 'link-mtu', netns: 'host', link: 'a', mtu: 1400 }]],
  ['addr add red a 10.0.0.1/24', [{ kind: 'addr-add', netns: 'red', link: 'a', address: '10.0.0.1/24' }]],
  ['addr rm red a fd00::1/64', [{ kind: 'addr-rm', netns: 'red', link: 'a', address: 'fd00::1/64' }]],
  [
    'route add red default --via 10.0.0.1 --dev a --src 10.0.0.2 --metric 5 --table 100',
    [
      {
        kind: 'route-add',
        netns: 'red',
        destination: 'default',
        via: '10.0.0.1',
        link: 'a',
        src: '10.0.0.2',
        metric: 5,
        table: '100',
      },
    ],
  ],
  ['route rm red 10.1.0.0/16', [{ kind: 'route-rm', netns: 'red', destination: '10.1.0.0/16' }]],
  [
    'bridge add host br0 --mtu 9000',
    [{ kind: 'bridge-add', netns: 'host', link: 'br0', mtu: 9000, up: false }],
  ],
  ['bridge rm host br0', [{ kind: 'bridge-rm', netns: 'host', link: 'br0' }]],
  [
    'sysctl set red net.ipv4.ip_forward 1',
    [{ kind: 'sysctl-set', netns: 'red', name: 'net.ipv4.ip_forward', value: '1' }],
  ],
  ['sysctl set red net.x -- -1', [{ kind: 'sysctl-set', netns: 'red', name: 'net.x', value: '-1' }]],
  [
    'masquerade add host 10.0.0.0/24 --out eth0',
    [{ kind: 'masquerade-add', netns: 'host', subnet: '10.0.0.0/24', out: 'eth0' }],
  ],
  ['masquerade rm host 10.0.0.0/24', [{ kind: 'masquerade-rm', netns: 'host', subnet: '10.0.0.0/24' }]],
  ['net create lab0', [network]],
  ['net --strict create lab0 --icc=false', [{ ...network, icc: false }]],
  [
    'net create lab0 --icc true --ip-masq=false --internal --ipv6',
    [{ ...network, masquerade: false, internal: true, ipv6: true }],
  ],
  [
    'net create lab0 --subnet 10.9.0.0/24 --subnet fd00:9::/64 --gateway 10.9.0.254 --ip-range 10.9.0.128/25 -b br0 --mtu 1400 --mac-address 02:00:00:00:00:09 --opt a=b=c --opt d --label owner=me --accept-in-foreign',
    [
      {
        ...network,
        subnets: ['10.9.0.0/24', 'fd00:9::/64'],
        gateways: ['10.9.0.254'],
        ipRanges: ['10.9.0.128/25'],
        bridge: 'br0',
        mtu: 1400,
        mac: '02:00:00:00:00:09',
        options: { a: 'b=c', d: '' },
        labels: { owner: 'me' },
        acceptInForeign: true,
      },
    ],
  ],
  [
    'net create far --driver vxlan --vni 42 --local 192.0.2.1 --remote 192.0.2.2 --remote 192.0.2.3',
    [
      {
        ...network,
        name: 'far',
        driver: 'vxlan',
        vni: 42,
        local: '192.0.2.1',
        remotes: ['192.0.2.2', '192.0.2.3'],
      },
    ],
  ],
  [
    'net create m --driver macvlan --parent eth0 --mode private --engine lab',
    [{ ...network, name: 'm', driver: 'macvlan', parent: 'eth0', mode: 'private' }],
  ],
  [
    'net rm lab0 lab1',
    [
      { kind: 'net-rm', name: 'lab0' },
      { kind: 'net-rm', name: 'lab1' },
    ],
  ],
  ['net prune', [{ kind: 'net-prune' }]],
  [
    'net connect lab1 web --ip 10.9.0.5 --ip6 fd00:9::5 --mac-address 02:00:00:00:00:05 --alias www --alias w3 --link db:sql',
    [
      {
        kind: 'net-connect',
        node: 'web',
        connection: {
          network: 'lab1',
          ip: '10.9.0.5',
          ip6: 'fd00:9::5',
          mac: '02:00:00:00:00:05',
          aliases: ['www', 'w3'],
          links: ['db:sql'],
        },
      },
    ],
  ],
  ['net disconnect lab1 web', [{ kind: 'net-disconnect', node: 'web', network: 'lab1' }]],
  [
    'net publish web 8080:80 127.0.0.1:5353:53/udp',
    [{ kind: 'net-publish', node: 'web', ports: ['8080:80', '127.0.0.1:5353:53/udp'] }],
  ],
  ['net unpublish web 8080:80', [{ kind: 'net-unpublish', node: 'web', ports: ['8080:80'] }]],
  [
    'node add web --network lab0 --network lab1 --ip 10.9.0.7 --alias www -p 8080:80',
    [
      {
        kind: 'node-add',
        name: 'web',
        mode: 'bridge',
        connections: [
          { network: 'lab0', ip: '10.9.0.7', aliases: ['www'], links: [] },
          { network: 'lab1', ...plainly },
        ],
        ports: ['8080:80'],
      },
    ],
  ],
  [
    'node add alone --mode none',
    [{ kind: 'node-add', name: 'alone', mode: 'none', connections: [], ports: [] }],
  ],
  [
    'node add web --add-host far:10.9.0.9 --add-host six:fd00::9',
    [
      {
        kind: 'node-add',
        name: 'web',
        mode: 'bridge',
        connections: [],
        ports: [],
        hosts: { far: '10.9.0.9', six: 'fd00::9' },
      },
    ],
  ],
  [
    'node add spy --mode container:web',
    [{ kind: 'node-add', name: 'spy', mode: 'container', of: 'web', connections: [], ports: [] }],
  ],
  // What the ports may be is the planner's to say.
  [
    'node add web --network lab0 -p 80821:8080',
    [
      {
        kind: 'node-add',
        name: 'web',
        mode: 'bridge',
        connections: [{ network: 'lab0', ...plainly }],
        ports: ['80821:8080'],
      },
    ],
  ],
  ['node rm web', [{ kind: 'node-rm', name: 'web' }]],
])('%s', async (line, intents) => {
  const asked = await typed(line)
  expect(asked).toEqual(intents)
  for (const intent of intents) expect(intentSchema.parse(intent)).toEqual(intent)
})

test.each([
  ['link mtu host a big', 'usage', '"big" is no MTU'],
  ['link mtu host a 15e2', 'usage', '"15e2" is no MTU'],
  ['net create lab0 --opt =x', 'usage', '--opt "=x": KEY=VALUE is needed'],
  ['net create lab0 --label a=1 --label a=2', 'usage', '--label a is given more than once'],
  [
    'net publish c1 80:80 --engine docker',
    'refused',
    /Docker publishes ports of a container only when it makes it/,
  ],
  ['net unpublish c1 80:80 --engine podman', 'refused', /Podman publishes ports/],
  ['net create lab0 --driver overlay', 'usage', '--driver cannot be "overlay"'],
  ['net create lab0 --attachable', 'usage', '--attachable is no option of a lab'],
  [
    'net create lab0 --aux-address a=10.0.0.1 --socket /x',
    'usage',
    '--aux-address, --socket are no options of a lab',
  ],
  [
    'net create n --engine docker --vni 4 --local 10.0.0.1',
    'usage',
    '--vni, --local are no options of Docker',
  ],
  [
    'net create n --engine podman --mac-address 02:00:00:00:00:01',
    'usage',
    '--mac-address is no option of Podman',
  ],
  ['net create n --engine docker --gateway 10.0.0.1', 'usage', /--gateway 10.0.0.1 without --subnet/],
  [
    'net create n --engine docker --subnet 10.0.0.0/24 --aux-address a=10.0.1.1',
    'usage',
    '--aux-address 10.0.1.1 is outside of 10.0.0.0/24',
  ],
  [
    'net create n --engine docker --subnet 10.0.0.0/24 --gateway 10.0.0.1 --gateway 10.0.0.2',
    'usage',
    '--gateway 10.0.0.2: subnet 10.0.0.0/24 has one already',
  ],
  ['net create n --engine docker --mtu 1400 --opt com.docker.network.driver.mtu=1300', 'usage', /: which\?$/],
  ['net rm lab0 --force', 'usage', '--force is no option of a lab'],
  ['net connect lab0 web --driver-opt a=b', 'usage', '--driver-opt is no option of a lab'],
  ['net prune --socket /run/docker.sock', 'usage', '--socket is no option of a lab'],
  ['net create lab0 --icc maybe', 'usage', /only true, false/],
  ['node add web --ip 10.0.0.1 --alias w', 'usage', '--ip, --alias without --network: on which network?'],
  ['node add web --mode container:', 'usage', '--mode cannot be "container:"'],
  ['node add web --mode containers', 'usage', '--mode cannot be "containers"'],
  ['node add web --add-host far', 'usage', '--add-host "far": NAME:IP is needed'],
  ['node add web --add-host a:1.1.1.1 --add-host a:1.1.1.2', 'usage', '--add-host a is given more than once'],
  ['undo last', 'usage', '"last" is no number of a change'],
  ['undo 0', 'usage', '"0" is no number of a change'],
  ['confirm x', 'usage', '"x" is no number of a change'],
])('%s is refused', async (line, kind, what) => {
  expect(await typed(line)).toMatchObject({
    kind,
    what: typeof what === 'string' ? what : expect.stringMatching(what),
  })
})
