/**
 * What is done to the strings of a World, by their place in the schema (plan.ts). A string without an entry is replaced
 * as a whole; a test fails until somebody has decided.
 */

/**
 * `secret`: as a whole. `counter`: names of the kernel's counters. `name:KIND`: one name. `text:KIND`: words, of which
 * those that nobody chose (vocabulary.ts) stay; KIND says what the others are called.
 */
export type Treatment = 'secret' | 'counter' | `name:${NameKind}` | `text:${TextKind}`
export type NameKind =
  | 'host'
  | 'container'
  | 'network'
  | 'netns'
  | 'link'
  | 'process'
  | 'table'
  | 'chain'
  | 'set'
  | 'program'
export type TextKind = 'word' | 'alias' | 'dns' | 'label' | 'comment' | 'image' | 'path' | 'argument'

/** `{ … }` below is one place and its treatment a line; places of one kind stand together. */
const names = {
  hostName: 'name:host',
  'engines[].containers[].name': 'name:container',
  'engines[].containers[].hostName': 'name:host',
  'engines[].containers[].pod': 'name:container',
  'engines[].containers[].endpoints[].network': 'name:network',
  'engines[].networks[].name': 'name:network',
  'engines[].networks[].members[].name': 'name:container',
  'netns[].names[].name': 'name:netns',
  'changes[].netnsName': 'name:netns',
  'log[].netnsName': 'name:netns',
  'netns[].links[].name': 'name:link',
  'netns[].links[].altNames[]': 'name:link',
  'netns[].policyRules[].iif': 'name:link',
  'netns[].policyRules[].oif': 'name:link',
  'engines[].networks[].bridge': 'name:link',
  'engines[].networks[].parent': 'name:link',
  'netns[].firewall.tables[].chains[].devices[]': 'name:link',
  'netns[].firewall.tables[].flowtables[].devices[]': 'name:link',
  'processes[].comm': 'name:process',
  'netns[].details.sockets[].process.name': 'name:process',
  'netns[].details.programs[].name': 'name:program',
  'netns[].firewall.tables[].name': 'name:table',
  'netns[].firewall.unread[].table': 'name:table',
  'netns[].firewall.tables[].chains[].name': 'name:chain',
  'netns[].firewall.tables[].chains[].rules[].statements[].chain': 'name:chain',
  'netns[].firewall.tables[].sets[].name': 'name:set',
  'netns[].firewall.tables[].flowtables[].name': 'name:set',
  'netns[].firewall.tables[].chains[].rules[].statements[].map': 'name:set',
  'netns[].firewall.tables[].chains[].rules[].matches[].name': 'name:set',
  'netns[].firewall.ipsets[].name': 'name:set',
} as const satisfies Decisions

const chosen = {
  'netns[].links[].alias': 'text:alias',
  'engines[].containers[].endpoints[].aliases[]': 'text:alias',
  'engines[].containers[].image': 'text:image',
  'engines[].containers[].labels{key}': 'text:label',
  'engines[].containers[].labels{}': 'text:label',
  'engines[].networks[].labels{key}': 'text:label',
  'engines[].networks[].labels{}': 'text:label',
  'engines[].networks[].options{key}': 'text:label',
  'engines[].networks[].options{}': 'text:label',
  'netns[].firewall.tables[].chains[].rules[].comment': 'text:comment',
  'netns[].firewall.tables[].sets[].elements[].comment': 'text:comment',
  'netns[].firewall.tables[].chains[].rules[].statements[].prefix': 'text:comment',
  'dns[].resolvConf': 'text:dns',
  'dns[].hosts': 'text:dns',
  'dns[].nsswitch': 'text:dns',
  'dns[].path': 'text:path',
  'engines[].endpoint': 'text:path',
  'netns[].names[].path': 'text:path',
  'netns[].holders.mounts[].path': 'text:path',
  'processes[].cgroup': 'text:path',
  'processes[].args[]': 'text:argument',
  'log[].text': 'text:argument',
  'log[].outcome.stderr': 'text:argument',
  'tool.tools[].path': 'text:path',
  'netns[].details.counters{key}': 'counter',
  /** Bytes of a kind of link that this version does not know. */
  'netns[].links[].raw{}': 'secret',
} as const satisfies Decisions

/** Words of the kernel, of tools and of this program; addresses, numbers and identifiers among them are replaced. */
const wordPlaces = [
  'at',
  'bootId',
  'kernel',
  'arch',
  'tool.version',
  'tool.node',
  'tool.reader.name',
  'tool.reader.why',
  'tool.optional[].name',
  'tool.optional[].loaded',
  'tool.capabilities[]',
  'tool.tools[].name',
  'tool.tools[].version',
  'tool.terminal.term',
  'modules{key}',
  'sysctls{key}',
  'sysctls{}',
  'softnet{key}',
  'host',
  'init',
  'netns[].id',
  'netns[].cookie',
  'netns[].userNamespace',
  'netns[].holders.mounts[].mountNamespace',
  ...['linkType', 'flags[]', 'operstate', 'qdisc', 'lladdr', 'addrAssignType', 'slaveKind', 'xdp.mode'].map(
    (field) => `netns[].links[].${field}`,
  ),
  ...[
    'port.state',
    'bridge.id',
    'bridge.rootId',
    'vlan.protocol',
    'vxlan.group',
    'vxlan.remote',
    'vxlan.local',
    'macvlan.mode',
    'macvlan.flags[]',
    'ipvlan.mode',
    'ipvlan.flags[]',
    'bond.mode',
    'tun.type',
    'geneve.remote',
    'netkit.mode',
    'netkit.policy',
    'netkit.peerPolicy',
    'wireguard.publicKey',
    'wireguard.peers[].publicKey',
    'wireguard.peers[].endpoint',
    'wireguard.peers[].allowedIps[]',
    'tunnel.local',
    'tunnel.remote',
    'kindName',
    'raw{key}',
  ].map((field) => `netns[].links[].${field}`),
  ...['local', 'peer', 'broadcast', 'scope', 'label', 'flags[]', 'protocol'].map(
    (field) => `netns[].addresses[].${field}`,
  ),
  ...['type', 'dst', 'src', 'protocol', 'scope', 'prefSrc', 'gateway', 'flags[]', 'encap'].map(
    (field) => `netns[].routes[].${field}`,
  ),
  'netns[].routes[].nexthops[].gateway',
  'netns[].routes[].nexthops[].flags[]',
  ...['src', 'dst', 'action', 'protocol'].map((field) => `netns[].policyRules[].${field}`),
  ...['family', 'gateway', 'flags[]', 'protocol', 'scope'].map(
    (field) => `netns[].nexthopObjects[].${field}`,
  ),
  ...['dst', 'lladdr', 'state', 'flags[]'].flatMap((field) => [
    `netns[].neighbours[].${field}`,
    `netns[].fdb[].${field}`,
  ]),
  'netns[].mdb[].group',
  'netns[].nsids[].id',
  ...[
    'sysctls{key}',
    'sysctls{}',
    'sockets[].protocol',
    'sockets[].local.address',
    'sockets[].remote.address',
    'sockets[].state',
    'sockets[].inode',
    'qdiscs[].kind',
    'qdiscs[].handle',
    'qdiscs[].parent',
    'qdiscs[].options',
    'filters[].kind',
    'filters[].parent',
    'filters[].protocol',
    'filters[].actions[].kind',
    'xfrmPolicies[].src',
    'xfrmPolicies[].dst',
    'xfrmPolicies[].direction',
    'xfrmPolicies[].action',
    'programs[].attach',
  ].map((field) => `netns[].details.${field}`),
  ...[
    'flags[]',
    'chains[].type',
    'chains[].hook',
    'chains[].policy',
    'flowtables[].hook',
    'sets[].type',
    'sets[].flags[]',
    'sets[].elements[].key',
    'sets[].elements[].value',
  ].map((field) => `netns[].firewall.tables[].${field}`),
  ...['values[]', 'value', 'mask', 'mask[]', 'set[]', 'text'].map(
    (field) => `netns[].firewall.tables[].chains[].rules[].matches[].${field}`,
  ),
  ...[
    'with',
    'address',
    'ports',
    'flags[]',
    'value',
    'mask',
    'key[]',
    'elements[].key',
    'elements[].verdict',
    'text',
  ].map((field) => `netns[].firewall.tables[].chains[].rules[].statements[].${field}`),
  'netns[].firewall.tables[].chains[].rules[].text',
  'netns[].firewall.unread[].unknown',
  'netns[].firewall.unread[].hint',
  'netns[].firewall.ipsets[].type',
  'netns[].firewall.ipsets[].members[]',
  ...['protocol', 'address', 'scheduler', 'destinations[].address', 'destinations[].method'].map(
    (field) => `netns[].firewall.ipvs[].${field}`,
  ),
  'netns[].conntrack.stats{key}',
  ...[
    'protocol',
    'status[]',
    'state',
    'original.source',
    'original.destination',
    'reply.source',
    'reply.destination',
  ].map((field) => `netns[].conntrack.entries[].${field}`),
  'processes[].netns',
  'processes[].namespaces{key}',
  'processes[].namespaces{}',
  'dns[].mountNamespace',
  'dns[].netns[]',
  'engines[].version',
  'engines[].netns',
  ...['id', 'state', 'mode', 'joins', 'netns', 'error', 'ports[].hostIp'].map(
    (field) => `engines[].containers[].${field}`,
  ),
  ...['networkId', 'endpointId', 'mac', 'ipv4', 'ipv6', 'gateway', 'gateway6'].map(
    (field) => `engines[].containers[].endpoints[].${field}`,
  ),
  ...['id', 'driver', 'scope', 'subnets[].subnet', 'subnets[].gateway'].map(
    (field) => `engines[].networks[].${field}`,
  ),
  ...['containerId', 'mac', 'ipv4', 'ipv6'].map((field) => `engines[].networks[].members[].${field}`),
  'engines[].warnings[]',
  'readers[].name',
  'readers[].errors[]',
  'changedWhileRead[]',
  'gaps[].what',
  'gaps[].subject',
  'gaps[].reason',
  'gaps[].hint',
  'changes[].at',
  'changes[].netns',
  'changes[].subject',
  'changes[].says',
  'log[].netns',
  'log[].container',
  'log[].outcome.says',
  'redacted{key}',
]

export type Decisions = Readonly<Record<string, Treatment>>

export const decisions: Decisions = {
  ...names,
  ...chosen,
  ...Object.fromEntries(wordPlaces.map((place) => [place, 'text:word'] as const)),
}
