/**
 * What is done to the strings of a World, by their place in the schema (plan.ts). A string without an entry is replaced
 * as a whole; a test fails until somebody has decided.
 */
import { wordPlaces } from './word-places.ts'

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
  'engines[].networks[].made.configFrom': 'name:network',
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
  'labs[].networks[].name': 'name:network',
  'labs[].networks[].bridge': 'name:link',
  'labs[].networks[].parent': 'name:link',
  'labs[].networks[].vxlan.link': 'name:link',
  'labs[].nodes[].name': 'name:container',
  'labs[].nodes[].of': 'name:container',
  'labs[].nodes[].endpoints[].network': 'name:network',
  'labs[].nodes[].endpoints[].link': 'name:link',
  'labs[].nodes[].endpoints[].hostLink': 'name:link',
  'labs[].nodes[].endpoints[].links[].node': 'name:container',
  'labs[].masquerades[].out': 'name:link',
} as const satisfies Decisions

const chosen = {
  'netns[].links[].alias': 'text:alias',
  'engines[].containers[].endpoints[].aliases[]': 'text:alias',
  // `CONTAINER:ALIAS`
  'engines[].containers[].endpoints[].asked.links[]': 'text:alias',
  'engines[].containers[].endpoints[].asked.options{key}': 'text:label',
  'engines[].containers[].endpoints[].asked.options{}': 'text:label',
  'engines[].networks[].subnets[].auxAddresses{key}': 'text:alias',
  'engines[].networks[].made.ipamDriver': 'text:label',
  'engines[].networks[].made.ipamOptions{key}': 'text:label',
  'engines[].networks[].made.ipamOptions{}': 'text:label',
  'engines[].containers[].image': 'text:image',
  'engines[].containers[].labels{key}': 'text:label',
  'engines[].containers[].labels{}': 'text:label',
  'engines[].networks[].labels{key}': 'text:label',
  'engines[].networks[].labels{}': 'text:label',
  'engines[].networks[].options{key}': 'text:label',
  'engines[].networks[].options{}': 'text:label',
  'labs[].networks[].labels{key}': 'text:label',
  'labs[].networks[].labels{}': 'text:label',
  'labs[].networks[].options{key}': 'text:label',
  'labs[].networks[].options{}': 'text:label',
  'labs[].nodes[].endpoints[].aliases[]': 'text:alias',
  'labs[].nodes[].hosts{key}': 'text:alias',
  'labs[].nodes[].endpoints[].links[].alias': 'text:alias',
  'labs[].masquerades[].at': 'text:path',
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

export type Decisions = Readonly<Record<string, Treatment>>

export const decisions: Decisions = {
  ...names,
  ...chosen,
  ...Object.fromEntries(wordPlaces.map((place) => [place, 'text:word'] as const)),
}
