import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { capabilityNames, readCapabilities } from '../../src/collect/facts/capabilities.ts'
import {
  decisiveModules,
  kernelModules,
  parseBuiltIn,
  parseKernelConfig,
  parseModules,
} from '../../src/collect/facts/modules.ts'
import { parseSoftnet } from '../../src/collect/facts/softnet.ts'
import { readTerminal } from '../../src/collect/facts/terminal.ts'
import { versionLine } from '../../src/collect/facts/tools.ts'
import { readHostFacts } from '../../src/collect/host-facts.ts'
import { isUnknown } from '../../src/model/known.ts'

const reader = { name: 'netlink', why: 'koffi is there' }

test('this host, without running anything', async () => {
  const facts = await readHostFacts({ versions: false, reader, version: '1.2.3' })
  expect(facts.bootId).toMatch(/^[0-9a-f-]{36}$/)
  expect(facts.kernel).toMatch(/^\d+\.\d+/)
  expect(facts.tool).toMatchObject({
    version: '1.2.3',
    node: process.version,
    reader,
    uid: process.geteuid?.(),
  })
  expect(facts.tool.optional.map(({ name }) => name)).toEqual(['koffi', 'node-pty'])
  expect(facts.tool.tools.every(({ version }) => version === null)).toBe(true)
  expect(facts.tool.tools.find(({ name }) => name === 'vethscope')).toBeUndefined()
  expect(isUnknown(facts.softnet) ? null : facts.softnet['processed']).toEqual(expect.any(Number))
})

test('with versions: what each tool says of itself, asked once', async () => {
  const first = await readHostFacts({ versions: true, reader })
  for (const { name, path, version } of first.tool.tools) {
    if (path === null) expect(version, name).toBeNull()
    if (version !== null) expect(version, name).toMatch(/\d/)
  }
  const started = performance.now()
  const second = await readHostFacts({ versions: true, reader })
  expect(second.tool.tools).toEqual(first.tool.tools)
  expect(performance.now() - started).toBeLessThan(1000)
})

test('pieces that cannot be read say so, and the others are there', async () => {
  const facts = await readHostFacts({ versions: true, reader, version: '1' }, () => ({ errno: 'EACCES' }))
  expect(facts.bootId).toEqual({ unknown: 'boot_id: permission denied (EACCES)' })
  expect(facts.softnet).toEqual({ unknown: '/proc/net/softnet_stat: permission denied (EACCES)' })
  expect(facts.tool.capabilities).toEqual({ unknown: '/proc/self/status: permission denied (EACCES)' })
  expect(facts.sysctls['netfilter.nf_conntrack_max']).toEqual({ unknown: 'permission denied (EACCES)' })
  expect(facts.hostName).not.toBe('')
  // Where nobody knows whether nfnetlink is there, what opens a netfilter socket is not run.
  expect(facts.tool.tools.find(({ name }) => name === 'nft')?.version).toBeNull()
})

test('thresholds that only the first network namespace has', async () => {
  const facts = await readHostFacts({ versions: false, reader }, () => ({ errno: 'ENOENT' }))
  expect(facts.sysctls['ipv4.neigh.default.gc_thresh3']).toEqual({
    unknown: 'not there: only the first network namespace has it',
  })
})

test('capabilities by name', () => {
  expect(capabilityNames(0n)).toEqual([])
  expect(capabilityNames(0x3000n)).toEqual(['cap_net_admin', 'cap_net_raw'])
  expect(capabilityNames(1n << 21n)).toEqual(['cap_sys_admin'])
  expect(capabilityNames(0x1ffffffffffn)).toHaveLength(41)
  expect(capabilityNames(0x1ffffffffffn).at(-1)).toBe('cap_checkpoint_restore')
  expect(capabilityNames(1n << 41n)).toEqual(['41'])
  expect(readCapabilities(() => 'Name:\tnode\nCapEff:\t0000000000001000\n')).toEqual(['cap_net_admin'])
  expect(readCapabilities(() => 'Name:\tnode\n')).toEqual({ unknown: '/proc/self/status has no CapEff' })
})

const procModules = `veth 45056 0 - Live 0x0000000000000000
br_netfilter 32768 0 - Live 0x0000000000000000
xt_conntrack 16384 1 - Live 0x0000000000000000
nf_tables 356352 0 - Unloading 0x0000000000000000
tun 61440 2 vhost_net, Live 0x0000000000000000
`
const nothing = () => false

test('loaded, built in, absent: on a distribution’s kernel', () => {
  const modules = kernelModules({
    loadable: true,
    loaded: parseModules(procModules),
    builtIn: {
      names: parseBuiltIn('kernel/net/bridge/bridge.ko\nkernel/net/8021q/8021q.ko\n'),
      symbols: null,
    },
    isTraced: nothing,
  })
  expect(decisiveModules(modules)).toMatchObject({
    veth: true,
    br_netfilter: true,
    tun: true,
    bridge: true,
    '8021q': true,
    nf_tables: false,
    vxlan: false,
    ip_set: false,
  })
})

test('a kernel without modules tells by its configuration', () => {
  const modules = kernelModules({
    loadable: false,
    loaded: new Set(),
    builtIn: {
      names: null,
      symbols: parseKernelConfig('CONFIG_VETH=y\n# CONFIG_VXLAN is not set\nCONFIG_TUN=m\n'),
    },
    isTraced: nothing,
  })
  expect(decisiveModules(modules)).toMatchObject({ veth: true, vxlan: false, tun: false })
})

test('where nothing tells, a module is left out rather than denied, unless it shows itself', () => {
  const modules = kernelModules({
    loadable: true,
    loaded: parseModules(procModules),
    builtIn: { names: null, symbols: null },
    isTraced: (path) => path === '/proc/sys/net/netfilter/nf_conntrack_count',
  })
  const told = decisiveModules(modules)
  expect(told).toMatchObject({ veth: true, nf_conntrack: true })
  expect(told).not.toHaveProperty('vxlan')
  expect(modules.has('something_else')).toBeNull()
})

test('softnet_stat is summed over the processors', () => {
  const line = (processed: string, dropped: string) =>
    `${processed} ${dropped} 00000001 00000000 00000000 00000000 00000000 00000000 00000000 00000002 00000000 00000000 00000000 00000000 00000000\n`
  expect(parseSoftnet(line('0000ff00', '00000003') + line('00000100', '00000004'))).toEqual({
    processed: 0x10000,
    dropped: 7,
    time_squeeze: 2,
    received_rps: 4,
    flow_limit_count: 0,
  })
  for (const broken of ['', '1 2 3\n', line('zzzzzzzz', '00000000'), line('0000ff00', '0')]) {
    expect(isUnknown(parseSoftnet(broken)), broken).toBe(true)
  }
})

test('a tool’s version is the first line it says, cut', () => {
  expect(versionLine('ip utility, iproute2-6.1.0, libbpf 1.1.2\n', '')).toBe(
    'ip utility, iproute2-6.1.0, libbpf 1.1.2',
  )
  expect(versionLine('', '\n  tcpdump version 4.99.3\nlibpcap\n')).toBe('tcpdump version 4.99.3')
  expect(versionLine('', '')).toBeNull()
  fc.assert(fc.property(fc.string(), (text) => (versionLine(text, '') ?? '').length <= 120))
})

test('the terminal, as far as it can be told', () => {
  const screen = { isTTY: true, columns: 120, rows: 40, getColorDepth: () => 8 }
  expect(readTerminal({ TERM: 'tmux-256color', LANG: 'de_DE.UTF-8' }, screen)).toEqual({
    term: 'tmux-256color',
    colours: 256,
    utf8: true,
    columns: 120,
    rows: 40,
  })
  expect(readTerminal({ LC_ALL: '', LC_CTYPE: 'C', LANG: 'en_US.UTF-8' }, { isTTY: false })).toEqual({
    term: null,
    colours: 0,
    utf8: false,
    columns: null,
    rows: null,
  })
})
