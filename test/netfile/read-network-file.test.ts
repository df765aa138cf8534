import { expect, test } from 'vitest'
import { readNetworkFile, readWithPlaces } from '../../src/netfile/read-network-file.ts'

/** What is said of a text, a line each; empty: nothing is wrong with it. */
function said(text: string): readonly string[] {
  const read = readNetworkFile(text, 'lab.yaml')
  if (read.ok) return []
  return [read.failure, ...(read.failure.others ?? [])].map(({ what }) => what)
}

test('short forms are written out, and what is not said is Docker’s default', () => {
  const text = 'vethscope: 1\nnetworks:\n  lab0: {subnets: [10.1.0.0/24]}\nnodes:\n  10: {networks: [lab0]}\n'
  expect(readNetworkFile(text, 'lab.yaml')).toEqual({
    ok: true,
    value: {
      vethscope: 1,
      networks: { lab0: { engine: 'lab', driver: 'bridge', subnets: [{ subnet: '10.1.0.0/24' }] } },
      nodes: { '10': { networks: [{ name: 'lab0' }] } },
    },
  })
})

test('JSON is read as well, and what YAML takes for numbers elsewhere is text here', () => {
  const json = '{\n\t"vethscope": 1,\n\t"nodes": {"web": {"ports": ["8080:80"]}}\n}\n'
  expect(said(json)).toEqual([])
  const yaml =
    'vethscope: 1\nnodes:\n  web: {networks: [{name: a, mac: 02:42:ac:11:00:02}], ports: [8080:80]}\n'
  const read = readNetworkFile(yaml, 'x')
  expect(read).toMatchObject({
    value: { nodes: { web: { networks: [{ mac: '02:42:ac:11:00:02' }], ports: ['8080:80'] } } },
  })
})

test('so is every name that stands twice, and every tag; of a broken form only where it breaks first', () => {
  expect(
    said('vethscope: 1\nnetworks:\n  a: {}\n  a: {}\nnodes: {x: {mode: none, mode: host}, y: !!js/x z}\n'),
  ).toEqual([
    'lab.yaml:4:3: this name is there twice in the same place',
    'lab.yaml:5:25: this name is there twice in the same place',
    'lab.yaml:5:41: unresolved tag: tag:yaml.org,2002:js/x',
  ])
  expect(said('vethscope: 1\nnetworks:\n  a: {\n  a: {}\n  a: {}\n')).toHaveLength(1)
  expect(said('vethscope: 1\nnetworks: {a: {mtu: 1e400}}\n')).toEqual([
    'lab.yaml:2:21: networks.a.mtu must be a number, not Infinity',
  ])
})

test('everything that is wrong is said at once, each with line and column', () => {
  const text = [
    'vethscope: 1',
    'networks:',
    '  lab1:',
    '    mtuu: 1400',
    '    icc: no',
    '    subnets: [10.0.0.0/24, {subnet: 5, gatway: 3}]',
    'nodes:',
    '  web:',
    '    mode: brige',
    '    networks: [lab1, {aliases: x}]',
    '    ports: [80]',
    '',
  ].join('\n')
  expect(said(text)).toEqual([
    expect.stringMatching(
      /^lab\.yaml:4:5: mtuu is nothing that can be said of networks\.lab1; did you mean mtu\?; there are engine, driver, /,
    ),
    'lab.yaml:5:10: networks.lab1.icc must be true or false, not "no"',
    'lab.yaml:6:37: networks.lab1.subnets.1.subnet must be text, not 5: write it in quotes',
    'lab.yaml:6:40: gatway is nothing that can be said of networks.lab1.subnets.1; did you mean gateway?; there are subnet, gateway, ip_range, aux_addresses',
    'lab.yaml:9:11: nodes.web.mode must be bridge, none, host or container:NAME, not "brige"',
    'lab.yaml:10:22: nodes.web.networks.1 needs name: text',
    'lab.yaml:10:32: nodes.web.networks.1.aliases must be a list, not "x"',
    'lab.yaml:11:13: nodes.web.ports.0 must be text, not 80: write it in quotes',
  ])
})

test.each([
  ['', 'lab.yaml:1:1: the file is empty'],
  ['# nothing\n', 'lab.yaml:1:1: the file is empty'],
  ['vethscope: 2\n', 'lab.yaml:1:12: vethscope must be 1, not 2'],
  ['networks: {}\n', 'lab.yaml:1:1: the file needs vethscope: 1'],
  ['just text', 'lab.yaml:1:1: the file must be a map (NAME: VALUE), not "just text"'],
  ['vethscope: 1\nnodes:\n', 'lab.yaml:2:7: nodes must be a map (NAME: VALUE), not empty'],
  ['vethscope: 1\nnetworks:\n  a: {}\n  a: {}\n', 'lab.yaml:4:3: this name is there twice in the same place'],
  ['{"vethscope": 1, "vethscope": 1}', 'lab.yaml:1:18: this name is there twice in the same place'],
  [
    'vethscope: 1\n---\nvethscope: 1\n',
    'lab.yaml:2:1: a second document begins here (---): one file is one document',
  ],
  ['vethscope: 1\nnetworks:\n\t a: {}\n', 'lab.yaml:3:1: a tab cannot indent in YAML: use blanks'],
  ['vethscope: *one\n', 'lab.yaml:1:12: there is no anchor &one before this'],
  ['vethscope: !secret 1\n', 'lab.yaml:1:12: unresolved tag: !secret'],
  ['vethscope: 1\nnodes: {? [a] : {}}\n', 'lab.yaml:2:11: a name must be text'],
  ['vethscope: 1\nnetworks: {__proto__: {}}\n', 'lab.yaml:2:12: nothing can be called __proto__'],
  [
    'vethscope: 1\nlinks: [{ends: [{in: a, name: x}]}]\n',
    'lab.yaml:2:16: links.0.ends must be a list of two, not a list of 1',
  ],
])('%j', (text, what) => {
  expect(said(text)).toEqual([what])
})

test('what a file says against itself is told where it says so', () => {
  const text = [
    'vethscope: 1',
    'networks: {d: {engine: docker}}',
    'nodes:',
    '  a: {networks: [n, n, d]}',
    '  b: {networks: [{name: n, links: [c, a, z]}]}',
    '  c: {networks: [{name: n, links: ["b:x"]}]}',
    '  e: {networks: [{name: m, links: [a, e]}]}',
    '  f: {mode: "container:f"}',
    'containers: {box: {networks: [d, d]}, pod: {engine: podman, networks: [d]}}',
    'links: [{ends: [{in: a, name: x}, {in: a, name: x}]}]',
    '',
  ].join('\n')
  expect(said(text)).toEqual([
    'lab.yaml:4:21: node a is put on network n twice',
    'lab.yaml:4:24: node a cannot be on network d: that is of docker, and the node of lab',
    'lab.yaml:5:6: nodes b, c need one another to be there first: a link or container:NAME must go one way only',
    'lab.yaml:7:36: node e cannot be linked to a on network m: that one is not on it',
    'lab.yaml:7:39: node e cannot be linked to itself',
    'lab.yaml:8:13: node f cannot join itself',
    'lab.yaml:9:34: container box is put on network d twice',
    'lab.yaml:9:72: container pod cannot be on network d: that is of docker, and the container of podman',
    'lab.yaml:10:35: link x in a is named twice',
  ])
})

test('bombs are not read: neither aliases of aliases, nor depth, nor size', () => {
  const layers = Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]`)
  expect(said(['a0: &a0 [x]', ...layers, ''].join('\n'))).toEqual([
    'lab.yaml:1:1: has more aliases (*NAME) than are read',
  ])
  expect(said('['.repeat(50_000))).toHaveLength(1)
  expect(said(`{"vethscope": 1, "nodes": ${'{"a":'.repeat(20_000)}`)).toHaveLength(1)
  expect(said(`# ${'x'.repeat(1024 * 1024)}\nvethscope: 1\n`)).toEqual([
    'lab.yaml has more than 1 MiB: that is no file of networks',
  ])
})

test('a file of more nodes than are planned at once says so, and nothing else', () => {
  const nodes = (count: number) =>
    [
      'vethscope: 1',
      'nodes:',
      ...Array.from({ length: count }, (_, at) => `  n${at}: {networks: [a, a]}`),
      '',
    ].join('\n')
  expect(said(nodes(1000))).toHaveLength(21)
  expect(said(nodes(1001))).toEqual([
    'lab.yaml:3:3: the file has 1001 nodes: at most 1000 are planned as one change, so write several files',
  ])
})

test('at most twenty are told, and how many more there are', () => {
  const nodes = Array.from({ length: 50 }, (_, at) => `  n${at}: {net: []}`)
  const told = said(['vethscope: 1', 'nodes:', ...nodes, ''].join('\n'))
  expect(told).toHaveLength(21)
  expect(told.at(-1)).toBe('and 30 more like these')
})

test('what is in a file reaches no terminal as it is', () => {
  const told = said('vethscope: 1\n"\\u001b[31m": 1\nnodes: {a: {mode: "\\u0007\\u009b2J"}}\n').join('\n')
  expect(told).toContain('lab.yaml:2:1')
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(told).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
})

test('a refusal of the planner is put where the file says it: the very word, else the thing', () => {
  const text = 'vethscope: 1\nnetworks:\n  lab0:\n    mtu: 9\n    subnets: [10.0.0.1/24]\n'
  const read = readWithPlaces(text, 'lab.yaml')
  if (!read.ok) throw new Error(read.failure.what)
  const placed = (subject: string) =>
    read.value.placed({ kind: 'refused', what: 'no', subject, path: ['networks', 'lab0'] }).what
  expect(placed('10.0.0.1/24')).toBe('lab.yaml:5:15: no')
  expect(placed('9')).toBe('lab.yaml:4:10: no')
  expect(placed('something else')).toBe('lab.yaml:3:3: no')
  expect(read.value.placed({ kind: 'refused', what: 'no' }).what).toBe('no')
})
