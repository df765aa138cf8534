/** The networks to learn from that the package ships (examples/): one situation each. */
export type ExamplePart = {
  /** Below examples/. */
  readonly file: string
  /** The namespace that plays the host of it; null: the host itself. */
  readonly host: string | null
}

export type Example = {
  readonly name: string
  readonly summary: string
  /** Applied one after the other, taken down in reverse. */
  readonly parts: readonly [ExamplePart, ...ExamplePart[]]
  /** What to look at first, as commands. */
  readonly first: readonly string[]
}

const one = (file: string): readonly [ExamplePart] => [{ file, host: null }]

export const examples: readonly Example[] = [
  {
    name: 'two-namespaces',
    summary: 'two namespaces and a veth pair with addresses',
    parts: one('two-namespaces.yaml'),
    first: ['vethscope ping red 10.0.0.2'],
  },
  {
    name: 'docker0',
    summary: 'a bridge with two nodes and NAT, docker0’s way',
    parts: one('docker0.yaml'),
    first: ['vethscope ping box1 box2', 'vethscope nat'],
  },
  {
    name: 'modes',
    summary: 'the four modes: bridge, none, host, container:NAME',
    parts: one('modes.yaml'),
    first: ['vethscope show in-bridge', 'vethscope show in-none'],
  },
  {
    name: 'two-networks',
    summary: 'one node on two networks, reached by name and alias',
    parts: one('two-networks.yaml'),
    first: ['vethscope ping app sql', 'vethscope exec client -- cat /etc/hosts'],
  },
  {
    name: 'links',
    summary: 'members kept apart, and a link that opens one way',
    parts: one('links.yaml'),
    first: ['vethscope ping shop db', 'vethscope ping thief store'],
  },
  {
    name: 'web',
    summary: 'a web server in a node, published as port 8080 of the host',
    parts: one('web.yaml'),
    first: ['vethscope http server --serve 80', 'vethscope http host http://127.0.0.1:8080/'],
  },
  {
    name: 'overlay',
    summary: 'two hosts (namespaces), one network across both by vxlan',
    parts: [
      { file: 'overlay/hosts.yaml', host: null },
      { file: 'overlay/host1.yaml', host: 'host1' },
      { file: 'overlay/host2.yaml', host: 'host2' },
    ],
    first: ['vethscope ping far1 far2', 'vethscope capture host1 wan udp port 4789'],
  },
]
