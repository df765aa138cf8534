import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { printFailure, printResult, type Output } from '../../src/cli/print.ts'
import type { Answered } from '../../src/command/result.ts'
import { commands } from '../../src/command/table.ts'
import { succeeded } from '../../src/lib/failure.ts'
import type { World } from '../../src/model/world.ts'
import type { Source } from '../../src/source.ts'
import { someProgram } from '../support/program-facts.ts'
import { address, bridgedPair, link, loopback, netns, port, route, world } from '../support/world.ts'
import { looksOnly } from '../support/looks-only.ts'

/** `refuses`: the errno that a write to standard output ends with. */
function catcher(isTTY = false, env: Output['env'] = {}, refuses: string | null = null) {
  const collector = (code: string | null) => {
    const chunks: Buffer[] = []
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        chunks.push(chunk)
        done(code === null ? null : Object.assign(new Error(`${code}: write`), { code }))
      },
    })
    return { stream, text: () => Buffer.concat(chunks.splice(0)).toString() }
  }
  const [stdout, stderr] = [collector(refuses), collector(null)]
  const output = {
    stdout: Object.assign(stdout.stream, { isTTY }),
    stderr: stderr.stream,
    env,
  } as unknown as Output
  return { output, out: stdout.text, err: stderr.text }
}

const plain = { json: false, strict: false, color: undefined }

async function resultsOf(given: World, netnsName: string): Promise<readonly Answered[]> {
  const source: Source = {
    kind: 'file',
    file: 'x',
    readWorld: async () => succeeded(given),
    withDetails: async (given) => succeeded(given),
    withFirewall: async (given) => succeeded(given),
    withConntrack: async (given) => succeeded(given),
    withCounters: async (given) => succeeded(given),
    readTool: async () =>
      succeeded({
        ...given.tool,
        hostName: given.hostName,
        kernel: given.kernel,
        arch: given.arch,
        at: given.at,
      }),
  }
  const deps = {
    source,
    open: () => source,
    program: someProgram,
    ...looksOnly,
    signal: new AbortController().signal,
    folder: '/nowhere',
  }
  const calls = [
    ['show', {}],
    ['show', { netns: netnsName }],
    ['ls', {}],
    ['ls', { what: 'links' }],
    ['find', { token: [netnsName] }],
    ['route', { netns: netnsName, dst: '10.0.0.1' }],
    ['snapshot', { output: '-' }],
    ['about', {}],
  ] as const
  const results: Answered[] = []
  for (const [name, values] of calls) {
    const result = await commands.find((each) => each.name === name)?.run(deps, values)
    if (result?.ok !== true) throw new Error(`${name}: ${result?.failure.what}`)
    if ('data' in result.value) results.push(result.value)
  }
  return results
}

const hostile = `\x1b]0;owned\x07\x1b[2J\x9b31m\r\n\u202egnp.exe\u200b\x7f{bold}🦊${'x'.repeat(300)}`

/** A World whose every text from outside is hostile. */
function hostileWorld(): World {
  const evil = link('veth', {
    ifindex: 5,
    name: hostile,
    alias: hostile,
    altNames: [hostile],
    operstate: hostile,
    flags: [hostile],
    lladdr: hostile,
    qdisc: hostile,
    master: 4,
    port: { ...port, state: hostile },
  })
  const warp = link('other', { ifindex: 6, name: `w${hostile}`, kindName: hostile, raw: { 1: hostile } })
  const unresolved = link('veth', { ifindex: 7, name: 'u', lower: { ifindex: 99, nsid: null } })
  const bridge = link('bridge', { ifindex: 4, name: `b${hostile}` })
  const inside = {
    links: [loopback(), bridge, evil, warp, unresolved],
    addresses: [address(5, '10.0.0.9/24', { local: hostile, flags: ['dadfailed', hostile] })],
    routes: [route({ dst: hostile, type: hostile, gateway: hostile, oif: 5, protocol: hostile })],
    neighbours: [
      {
        ifindex: 5,
        family: 'inet' as const,
        dst: hostile,
        lladdr: hostile,
        state: hostile,
        flags: [],
        used: null,
        confirmed: null,
        updated: null,
      },
    ],
  }
  const host = netns(1, hostile, { names: [{ name: hostile, source: 'host', path: hostile }], ...inside })
  const secret = netns(2, `s${hostile}`, { readable: { unknown: hostile }, links: { unknown: hostile } })
  return world([host, secret], {
    hostName: hostile,
    kernel: hostile,
    gaps: [{ what: hostile, subject: hostile, reason: hostile, hint: hostile }],
  })
}

test('no control byte, C1, bidi mark or line end of others reaches the terminal, as text or as JSON', async () => {
  const results = await resultsOf(hostileWorld(), hostile)
  expect(results).toHaveLength(8)
  for (const result of results) {
    for (const json of [false, true]) {
      const { output, out } = catcher()
      await printResult(result, { ...plain, json }, output)
      const text = out()
      expect(text, result.kind).toMatch(/^(?:[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]|\n)*$/u)
      expect(text.endsWith('\n')).toBe(true)
      // Shown as something: stripping it would make two names one.
      if (result.kind !== 'about')
        expect(text).toContain(json || result.kind === 'world' ? '\\u001b' : '\\x1b')
      if (json) expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(result.data)))
    }
  }
})

test('errors are made harmless as well', async () => {
  const { output, err, out } = catcher()
  expect(
    await printFailure({ kind: 'refused', what: hostile, hint: hostile, stderr: hostile }, plain, output),
  ).toBe(5)
  expect(err()).toMatch(/^vethscope: [^\p{Cc}\p{Cf}]*\n$/u)
  await printFailure({ kind: 'not-found', what: hostile, subject: hostile }, { json: true }, output)
  const text = out()
  expect(text).toMatch(/^[^\p{Cc}\p{Cf}]*\n$/u)
  expect(JSON.parse(text)).toEqual({ error: { kind: 'not-found', what: hostile, subject: hostile } })
})

test('colours only where they are wanted', async () => {
  const [show] = await resultsOf(bridgedPair(), 'redis123')
  if (show === undefined) throw new Error('no show')
  const coloured = async (isTTY: boolean, env: Output['env'], color?: 'always' | 'never' | 'auto') => {
    const { output, out } = catcher(isTTY, env)
    await printResult(show, { ...plain, color }, output)
    return out().includes('\x1b[')
  }
  expect(await coloured(false, {})).toBe(false)
  expect(await coloured(true, { TERM: 'xterm' })).toBe(true)
  expect(await coloured(true, { TERM: 'dumb' })).toBe(false)
  expect(await coloured(true, { NO_COLOR: '1' })).toBe(false)
  expect(await coloured(true, { NO_COLOR: '' })).toBe(true)
  expect(await coloured(false, { FORCE_COLOR: '1' })).toBe(true)
  expect(await coloured(true, { FORCE_COLOR: '0' })).toBe(false)
  expect(await coloured(false, { NO_COLOR: '1' }, 'always')).toBe(true)
  expect(await coloured(true, { FORCE_COLOR: '1' }, 'never')).toBe(false)
})

test('the tree, with line characters only where the locale has them', async () => {
  const [show] = await resultsOf(bridgedPair(), 'redis123')
  if (show === undefined) throw new Error('no show')
  const lines = async (env: Output['env']) => {
    const { output, out } = catcher(false, env)
    await printResult(show, plain, output)
    return out().split('\n')
  }
  expect(await lines({ LANG: 'de_DE.UTF-8' })).toEqual([
    'vm01  Linux 6.18.0  2 network namespaces  2026-11-21 14:03:22 UTC',
    'host  ino:100',
    '  docker0   bridge  UP  172.17.0.1/16',
    '  └─ veth0  veth    UP  = redis123 eth0 (172.17.0.2/16)',
    '',
  ])
  expect((await lines({ LANG: 'de_DE.UTF-8', LC_ALL: 'C' })).slice(3, 4)).toEqual([
    '  `- veth0  veth    UP  = redis123 eth0 (172.17.0.2/16)',
  ])
})

test('exit codes of results', async () => {
  const [show] = await resultsOf(bridgedPair(), 'redis123')
  if (show === undefined) throw new Error('no show')
  const gaps = [{ what: 'a', subject: 'b', reason: 'c', hint: null }]
  const code = (result: Answered, strict = false) =>
    printResult(result, { ...plain, strict }, catcher().output)
  expect(await code(show)).toBe(0)
  expect(await code({ ...show, answer: 'no' })).toBe(1)
  expect(await code({ ...show, answer: 'unknown' })).toBe(3)
  expect(await code({ ...show, gaps })).toBe(0)
  expect(await code({ ...show, gaps }, true)).toBe(3)
  expect(await code({ ...show, gaps, answer: 'no' }, true)).toBe(3)
})

test('a reader that goes away is no error; a disk that is full is', async () => {
  const [show] = await resultsOf(bridgedPair(), 'redis123')
  if (show === undefined) throw new Error('no show')
  const failing = (code: string) => catcher(false, {}, code)
  const pipe = failing('EPIPE')
  expect(await printResult(show, plain, pipe.output)).toBe(0)
  expect(pipe.err()).toBe('')
  const full = failing('ENOSPC')
  expect(await printResult(show, { ...plain, json: true }, full.output)).toBe(5)
  expect(full.err()).toMatch(/^vethscope: cannot write to standard output: ENOSPC/)
})

test('each reason of a refusal has a line, and with --json the further ones stand beside the first', async () => {
  const failure = {
    kind: 'refused',
    what: 'subnet 10.0.0.0/8 overlaps a route',
    others: [{ kind: 'usage', what: 'port 80821 is not between 1 and 65535', hint: 'such as 8080:80' }],
  } as const
  const text = catcher()
  expect(await printFailure(failure, { json: false }, text.output)).toBe(5)
  expect(text.err()).toBe(
    'vethscope: subnet 10.0.0.0/8 overlaps a route\nvethscope: port 80821 is not between 1 and 65535; such as 8080:80\n',
  )
  const json = catcher()
  await printFailure(failure, { json: true }, json.output)
  expect(JSON.parse(json.out())).toMatchObject({
    error: { kind: 'refused', others: [{ kind: 'usage', hint: 'such as 8080:80' }] },
  })
})

test('a change that failed is told on standard error; with --json it is the document', async () => {
  const result: Answered = {
    kind: 'change',
    data: {
      id: 3,
      title: 'make red',
      applied: false,
      verified: false,
      steps: [],
      left: [],
      differences: [],
      notes: [],
    },
    script: null,
    answer: 'failed',
    gaps: [],
  }
  const text = catcher()
  expect(await printResult(result, plain, text.output)).toBe(5)
  expect([text.out(), text.err()]).toEqual(['', 'failed: make red: what was done is taken back\n'])
  const json = catcher()
  expect(await printResult(result, { ...plain, json: true }, json.output)).toBe(5)
  expect(JSON.parse(json.out())).toMatchObject({ id: 3, applied: false })
})
