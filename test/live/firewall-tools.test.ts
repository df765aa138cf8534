/** Tools that are absent, lie, fail half way, babble or hang, and names that are meant to hurt. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readFirewall } from '../../src/collect/firewall/read-firewall.ts'
import { loadLibc, type Libc } from '../../src/collect/kernel/libc.ts'
import { which } from '../../src/lib/which.ts'
import type { Firewall } from '../../src/model/ruleset.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'

const docker28 = readFileSync(
  new URL('../collect/firewall/dialects/docker-28.rules', import.meta.url),
  'utf8',
)
const tools = ['ip', 'nsenter', 'unshare', 'iptables', 'iptables-legacy', 'nft', 'ipset']
const shown = /nft hides what the extensions of iptables or ebtables in \d+ of its rules say/

describe.runIf(requires({ root: true, tools }))('readFirewall and its tools', () => {
  let host: TestHost
  let libc: Libc
  let folder: string

  beforeAll(async () => {
    const loaded = await loadLibc()
    if (!loaded.ok) throw new Error(loaded.failure.what)
    libc = loaded.value
    folder = mkdtempSync(join(tmpdir(), 'vethscope-tools-'))
    host = await playHost('bad')
    namespace('small')
    load('small', ['iptables-nft-restore', '-c'], docker28)
    namespace('large')
    const rules = Array.from({ length: 3000 }, (_, at) => `-A D -d 10.0.${at >> 8}.${at & 255} -j DROP`)
    load(
      'large',
      ['iptables-nft-restore'],
      ['*filter', ':D -', '-A FORWARD -j D', ...rules, 'COMMIT', ''].join('\n'),
    )
  })
  afterAll(async () => {
    await host.end()
    rmSync(folder, { recursive: true })
  })

  function namespace(name: string): void {
    host.ip(`netns add ${name}`)
  }
  const load = (name: string, command: readonly string[], input: string) =>
    host.run(['nsenter', `--net=/run/netns/${name}`, ...command], { input })

  /** A program that stands in for one of the tools; `$1 …` are its arguments. */
  function program(name: string, script: string): string {
    const file = join(folder, name)
    writeFileSync(file, `#!/bin/sh\n${script}\n`)
    chmodSync(file, 0o755)
    return file
  }

  function read(
    name: string,
    others: Readonly<Record<string, string | null>>,
    signal?: AbortSignal,
  ): Promise<Firewall> {
    const path = host.path(`/run/netns/${name}`)
    const { dev, ino } = statSync(path, { bigint: true })
    return readFirewall(
      { dev: Number(dev), ino, paths: [path], holders: { sockets: [] } },
      {
        libc,
        find: (tool) => (tool in others ? (others[tool] ?? null) : which(tool)),
        ...(signal === undefined ? {} : { signal }),
      },
    )
  }

  const noSave = { 'iptables-nft-save': null, 'iptables-save': null }
  const unreadOf = (firewall: Firewall) =>
    firewall.unread.map(({ table, unknown, hint }) => [table, unknown, hint])
  const ruleCount = ({ tables }: Firewall) =>
    tables.flatMap(({ chains }) => chains).flatMap(({ rules }) => rules).length
  const allRules = docker28.split('\n').filter((line) => line.startsWith('[')).length

  test('without iptables-save: the rules from nft, with what it hides', async () => {
    const firewall = await read('small', noSave)
    expect(ruleCount(firewall)).toBe(allRules)
    expect(firewall.tables.map(({ backend }) => backend)).toEqual(['nft', 'nft', 'nft'])
    for (const [, unknown, hint] of unreadOf(firewall)) {
      expect(unknown).toMatch(/^iptables-save is not installed: /)
      expect(unknown).toMatch(shown)
      expect(hint).toBe('apt-get install iptables')
    }
    expect(unreadOf(firewall).map(([table]) => table)).toContain('nat')
    // nft's words for people have what its JSON has not.
    const nat = firewall.tables.find(({ name }) => name === 'nat')
    const rules = nat?.chains.flatMap(({ rules }) => rules) ?? []
    expect(rules.flatMap(({ statements }) => statements).filter(({ kind }) => kind === 'dnat')).toEqual([
      { kind: 'dnat', address: '172.30.0.2', ports: '80', map: null, flags: [] },
      { kind: 'dnat', address: '172.30.0.4', ports: '9000', map: null, flags: [] },
    ])
    expect(rules.map(({ text }) => text)).toContain(
      'oifname != "br-0123456789ab" ip saddr 172.30.0.0/16 counter masquerade',
    )
  })

  test('without any tool: each table is named, none is empty', async () => {
    const firewall = await read('small', { ...noSave, nft: null })
    expect(firewall.tables).toEqual([])
    expect(
      unreadOf(firewall)
        .map(([table]) => String(table))
        .sort(),
    ).toEqual(['filter', 'nat', 'raw'])
    expect(unreadOf(firewall)[0]).toEqual([
      expect.any(String),
      'iptables-save is not installed; nft is not installed',
      'apt-get install nftables',
    ])
  })

  test('iptables-save that fails half way: what it finished, and the rest from nft', async () => {
    const half = program(
      'half',
      `${which('iptables-nft-save')} -c | sed '/^\\*nat/,$ { /DOCKER/,$ d }'; echo 'Segmentation fault' >&2; exit 139`,
    )
    const firewall = await read('small', { 'iptables-nft-save': half })
    expect(ruleCount(firewall)).toBe(allRules)
    expect(new Set(firewall.tables.map(({ backend }) => backend))).toEqual(new Set(['iptables-nft', 'nft']))
    expect(unreadOf(firewall)).toContainEqual([
      'nat',
      expect.stringMatching(/^its listing ends without COMMIT: /),
      expect.any(String),
    ])
  })

  test.each(['small', 'large'])('iptables-save that leaves a rule out and ends well (%s)', async (name) => {
    const dropped = name === 'small' ? '/DOCKER-BRIDGE -o docker0/d' : '1500d'
    const liar = program(`liar-${name}`, `${which('iptables-nft-save')} -c | sed '${dropped}'`)
    const honest = await read(name, {})
    expect(honest.unread).toEqual([])
    const firewall = await read(name, { 'iptables-nft-save': liar })
    expect(ruleCount(firewall)).toBe(ruleCount(honest))
    const chain = firewall.tables.find((each) => each.name === 'filter')
    expect(chain?.backend).toBe('nft')
  })

  test('iptables-save of the other iptables, and one that prints nothing', async () => {
    const other = await read('small', { 'iptables-nft-save': which('iptables-legacy-save') })
    expect(ruleCount(other)).toBe(allRules)
    expect(other.tables.every(({ backend }) => backend === 'nft')).toBe(true)
    const mute = await read('small', { 'iptables-nft-save': program('mute', 'exit 0') })
    expect(unreadOf(mute)).toContainEqual([
      'nat',
      expect.stringMatching(/^iptables-save did not print it: /),
      expect.any(String),
    ])
  })

  test.each([
    ['babbles', 'echo nonsense', '`nft -j` printed something that is no JSON'],
    ['prints another shape', `echo '{"nftables": 5}'`, '`nft -j` printed something that is no JSON'],
    [
      'prints nothing of it',
      `echo '{"nftables": [{"metainfo": {}}, 5, null, {"rule": {}}]}'`,
      'nft did not print it',
    ],
    [
      'has no JSON',
      'echo "Error: JSON support not compiled-in" >&2; exit 1',
      /^no-json: Error: JSON support/,
    ],
  ])('nft that %s', async (_, script, reason) => {
    const nft = program('no-json', script)
    const firewall = await read('small', { ...noSave, nft })
    expect(firewall.tables).toEqual([])
    for (const [, unknown] of unreadOf(firewall)) {
      const said = String(unknown).replace('iptables-save is not installed; ', '')
      expect(said).toMatch(reason instanceof RegExp ? reason : new RegExp(`^${reason}$`))
    }
    expect(firewall.unread).toHaveLength(3)
  })

  test('a tool that hangs is given up when nobody waits any more', async () => {
    const hanging = program('hanging', 'exec sleep 60')
    const abort = new AbortController()
    const reading = read('small', { 'iptables-nft-save': hanging, nft: hanging }, abort.signal)
    setTimeout(() => abort.abort(), 100)
    const start = performance.now()
    const firewall = await reading
    expect(performance.now() - start).toBeLessThan(8000)
    expect(firewall.tables).toEqual([])
    expect(String(unreadOf(firewall)[0]?.[1])).toContain('cancelled')
  })

  test('comments that look like rules, and like terminals’ commands', async () => {
    namespace('comments')
    const comments = [
      'a\n-A INPUT -j ACCEPT\nCOMMIT\n*nat\n:X - [0:0]',
      '-j DROP',
      '! -i eth0',
      `it's "quoted" \\ back\\\\slashed`,
      '\x1b[2J\u202e.exe',
      '"',
      '\\',
    ]
    for (const comment of comments) {
      for (const iptables of ['iptables-nft', 'iptables-legacy']) {
        host.run([
          'nsenter',
          '--net=/run/netns/comments',
          iptables,
          '-A',
          'INPUT',
          '-m',
          'comment',
          '--comment',
          comment,
          '-j',
          'DROP',
        ])
      }
    }
    const firewall = await read('comments', {})
    expect(firewall.unread).toEqual([])
    expect(firewall.tables).toHaveLength(2)
    for (const table of firewall.tables) {
      const rules = table.chains.find(({ name }) => name === 'INPUT')?.rules ?? []
      expect(rules.map(({ comment }) => comment)).toEqual(comments)
      for (const rule of rules) expect(rule).toMatchObject({ matches: [], statements: [{ kind: 'drop' }] })
      expect(table.chains.map(({ name }) => name)).toEqual(['INPUT', 'FORWARD', 'OUTPUT'])
    }
  })

  test('a table called like a command of nft is a name and nothing else', async () => {
    namespace('names')
    const name = 'a; flush ruleset'
    const rules = Array.from({ length: 1500 }, () => '-A FORWARD -j DROP')
    load('names', ['iptables-nft-restore'], ['*filter', ...rules, 'COMMIT', ''].join('\n'))
    const table = { family: 'inet', name }
    const chain = { family: 'inet', table: name, name: 'c d' }
    load(
      'names',
      ['nft', '-j', '-f', '-'],
      JSON.stringify({
        nftables: [
          { add: { table } },
          { add: { chain } },
          { add: { rule: { family: 'inet', table: name, chain: 'c d', expr: [{ accept: null }] } } },
        ],
      }),
    )
    for (let round = 0; round < 2; round++) {
      const firewall = await read('names', {})
      expect(firewall.unread).toEqual([])
      expect(firewall.tables.map((each) => each.name).sort()).toEqual([name, 'filter'])
      expect(ruleCount(firewall)).toBe(1501)
    }
  })
})
