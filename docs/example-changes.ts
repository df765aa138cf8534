/** What changes, the journal and labs print, as the types have it. */
import type { ExampleShape } from '../src/command/example.ts'
import type { NetworkFileShape } from '../src/command/net-export.ts'
import type { LabNetworkShape, LabNodeShape } from '../src/command/lab-shapes.ts'
import type { ChangeResult, CleanupResult, JournalChange } from '../src/model/change-result.ts'

const steps: ChangeResult['steps'] = [
  {
    title: 'give veth0 in red the address 10.0.0.1/24',
    command: 'ip -n red addr add 10.0.0.1/24 dev veth0',
    undo: ['ip -n red addr del 10.0.0.1/24 dev veth0'],
    outcome: 'done',
  },
]

const title = 'give veth0 in red the address 10.0.0.1/24'

const changed: ChangeResult = {
  id: 12,
  title,
  applied: true,
  verified: true,
  steps,
  left: [],
  differences: [],
  notes: [],
}

const failedChange: ChangeResult = {
  ...changed,
  id: 13,
  applied: false,
  verified: false,
  steps: steps.map((step) => ({ ...step, outcome: 'failed' })),
  error: {
    what: 'give veth0 in red the address 10.0.0.1/24: ip ended with 2',
    command: 'ip -n red addr add 10.0.0.1/24 dev veth0',
    exitCode: 2,
    stderr: 'RTNETLINK answers: No buffer space available',
  },
}

const entry: JournalChange = {
  id: 12,
  at: '2026-11-21T14:03:22.123Z',
  title,
  intent: { kind: 'addr-add', netns: 'red', link: 'veth0', address: '10.0.0.1/24' },
  state: 'applied',
  steps,
  undoes: null,
  undoneBy: null,
  left: [],
  confirmBefore: null,
}

const cleaned: CleanupResult = {
  cleaned: [{ ...changed, applied: true, steps: steps.map((step) => ({ ...step, outcome: 'undone' })) }],
}

const network: LabNetworkShape = {
  engine: 'lab',
  endpoint: '/run/vethscope/4026531840',
  id: 'lab0',
  name: 'lab0',
  driver: 'bridge',
  scope: 'local',
  netns: { id: '4026531840', name: 'host' },
  subnets: [{ subnet: '172.18.0.0/16', gateway: '172.18.0.1' }],
  bridge: 'lab0',
  parent: null,
  internal: false,
  ipv6: false,
  options: { 'com.docker.network.bridge.enable_icc': 'true' },
  labels: {},
  members: [{ containerId: 'web', name: 'web', ipv4: '172.18.0.2/16', ipv6: null, aliases: ['www'] }],
  lab: {
    name: 'lab0',
    driver: 'bridge',
    bridge: 'lab0',
    ownsBridge: true,
    parent: null,
    mode: null,
    vxlan: null,
    subnets: [{ subnet: '172.18.0.0/16', gateway: '172.18.0.1', ipRange: null }],
    mtu: 1500,
    mac: '02:42:ac:12:00:01',
    internal: false,
    ipv6: false,
    icc: true,
    masquerade: true,
    acceptInForeign: false,
    options: {},
    labels: {},
    created: '2026-11-21T14:03:22.123Z',
  },
  places: [
    {
      containerId: 'web',
      name: 'web',
      state: 'running',
      mac: '02:42:ac:12:00:02',
      ipv4: '172.18.0.2/16',
      ipv6: null,
      gateway: '172.18.0.1',
      gateway6: null,
      aliases: ['www'],
      links: [],
      link: { netns: { id: '4026532177', name: 'web' }, ifindex: 2, name: 'eth0' },
      hostLink: { netns: { id: '4026531840', name: 'host' }, ifindex: 7, name: 'vethweb0' },
    },
  ],
  ports: [{ node: 'web', hostIp: '0.0.0.0', hostPort: 8080, port: 80, protocol: 'tcp' }],
  overlay: null,
}

const node: LabNodeShape = {
  name: 'web',
  mode: 'bridge',
  of: null,
  netns: { id: '4026532177', name: 'web' },
  networks: [
    {
      network: 'lab0',
      link: 'eth0',
      hostLink: 'vethweb0',
      mac: '02:42:ac:12:00:02',
      ipv4: '172.18.0.2/16',
      ipv6: null,
      aliases: ['www'],
      isDefault: true,
      links: [],
    },
  ],
  ports: [{ hostIp: '0.0.0.0', hostPort: 8080, port: 80, protocol: 'tcp' }],
  created: '2026-11-21T14:03:24.456Z',
}

/** What the package ships. */
const shipped: readonly ExampleShape[] = [
  { name: 'web', summary: 'a published web server', parts: [{ file: 'web.yaml', host: null }] },
]

const exported: NetworkFileShape = {
  file: null,
  format: 'yaml',
  bytes: 52,
  networks: 1,
  nodes: 0,
  containers: 0,
  links: 0,
  left: ['network mesh of docker: it is the whole swarm’s: net create --driver overlay --swarm-wide makes such a one'],
  unread: [],
  text: 'vethscope: 1\n\nnetworks:\n  lab0:\n    subnets: [172.20.0.0/16]\n',
}

export const exampleChanges = { changed, shipped, failedChange, entry, cleaned, network, node, exported } as const
