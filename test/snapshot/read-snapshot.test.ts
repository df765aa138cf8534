import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { run } from '../../src/lib/run.ts'
import { readSnapshot } from '../../src/snapshot/read-snapshot.ts'
import { bridgedPair, link, netns, world } from '../support/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-read-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
const put = (content: string | Buffer): string => {
  count += 1
  const file = join(folder, `${count}.json`)
  writeFileSync(file, content)
  return file
}
const text = JSON.stringify(bridgedPair())
/** The world as JSON, with a piece of it changed. */
const edited = (edit: (json: ReturnType<typeof JSON.parse>) => void): string => {
  const json = JSON.parse(text)
  edit(json)
  return JSON.stringify(json)
}
const failureOf = async (content: string | Buffer): Promise<string> => {
  const result = await readSnapshot(put(content))
  if (result.ok) throw new Error('it was read')
  return result.failure.what.replace(/^".*?"/, 'FILE')
}

test('a file of the program itself, plain or compressed, by its content and not by its name', async () => {
  expect(await readSnapshot(put(text))).toEqual({ ok: true, value: bridgedPair() })
  expect(await readSnapshot(put(gzipSync(text)))).toEqual({ ok: true, value: bridgedPair() })
  expect(await readSnapshot(put(`\ufeff${text}`))).toEqual({ ok: true, value: bridgedPair() })
})

test.each<readonly [string, string | Buffer, string | RegExp]>([
  ['empty', '', 'FILE is empty'],
  [
    'truncated',
    text.slice(0, 4000),
    'FILE is not JSON that can be read: line 1, column 4001: the file ends too early',
  ],
  ['truncated gzip', gzipSync(text).subarray(0, 500), 'FILE ends too early: the gzip data is truncated'],
  ['only the gzip header', gzipSync(text).subarray(0, 2), 'FILE ends too early: the gzip data is truncated'],
  [
    'damaged gzip',
    Buffer.concat([gzipSync(text).subarray(0, 10), Buffer.alloc(400, 0xff)]),
    /^FILE is damaged: /,
  ],
  [
    'binary',
    Buffer.from(Array.from({ length: 999 }, (_, at) => (at * 7) % 256)),
    'FILE is not JSON that can be read: line 1, column 1: expected a value',
  ],
  ['not UTF-8', Buffer.from('{"a": "\xe4"}', 'latin1'), 'FILE is not UTF-8 text'],
  ['other JSON', '[1]', /^FILE is JSON, but not a snapshot of vethscope/],
  ['null', 'null', /^FILE is JSON, but not a snapshot of vethscope/],
  [
    'a place in it',
    `{\n"format": "vethscope-world",\n"netns": [}\n}`,
    'FILE is not JSON that can be read: line 3, column 11: expected a value or "]", found "}"',
  ],
  [
    'deep',
    `{"format":"vethscope-world","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    /nested more than 64 deep$/,
  ],
  [
    'newer',
    edited((w) => ((w.version = { major: 2, minor: 0 }), (w.tool.version = '3.1'))),
    'FILE was written by vethscope 3.1 in format 2.0; this program reads format 1',
  ],
  ['older', edited((w) => (w.version = { major: 0, minor: 9 })), /format 0\.9; this program reads format 1$/],
  ['no version', edited((w) => delete w.version), 'FILE does not say its version'],
  ['version as text', edited((w) => (w.version.major = '1')), 'FILE does not say its version'],
  [
    'a wrong type',
    edited((w) => (w.netns[1].links[1].mtu = 'big')),
    'FILE: netns[1].links[1].mtu: expected number, received string',
  ],
  [
    'a missing field',
    edited((w) => delete w.netns[0].names[0].source),
    /^FILE: netns\[0\]\.names\[0\]\.source: /,
  ],
  ['no links', edited((w) => delete w.netns[0].links), /^FILE: netns\[0\]\.links: /],
  ['host nowhere', edited((w) => (w.host = '999')), 'FILE: host: no namespace has the id "999"'],
  [
    'the same id twice',
    edited((w) => (w.netns[1].id = w.netns[0].id)),
    'FILE: netns[1].id: "100" is there twice',
  ],
  [
    'escape sequences in the complaint',
    edited((w) => (w.host = '\x1b[31m\u202e')),
    'FILE: host: no namespace has the id "\\x1b[31m\\u202e"',
  ],
])('%s', async (_name, content, says) => {
  const what = await failureOf(content)
  if (typeof says === 'string') expect(what).toBe(says)
  else expect(what).toMatch(says)
})

test('what a newer minor version adds is accepted; a kind of link it knows becomes other', async () => {
  const file = put(
    edited((w) => {
      w.version.minor = 7
      w.mood = 'new'
      w.netns[0].links[2].kind = 'warp'
      w.netns[0].links[2].warp = { factor: 9 }
    }),
  )
  const result = await readSnapshot(file)
  expect(result.ok && result.value.netns[0]?.links).toMatchObject([
    {},
    {},
    { kind: 'other', kindName: 'warp', name: 'veth0' },
  ])
  expect(result.ok && 'mood' in result.value).toBe(false)
})

test('names that mean something to JavaScript do no harm', async () => {
  // Small pieces are checked by zod, large ones here: both leave the name out.
  const many = Array.from({ length: 6000 }, (_, at) => `"k${at}": "v"`).join()
  const large = await readSnapshot(
    put(text.replace('"sysctls":{}', `"sysctls":{"__proto__": {"unknown": "x"}, ${many}}`)),
  )
  expect(large.ok && Object.keys(large.value.sysctls)).toHaveLength(6000)
  const hostile = '"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}'
  const content = text
    .replace('{"format"', `{${hostile}, "format"`)
    .replace('"sysctls":{}', '"sysctls":{"__proto__": "1", "constructor": "2", "a": "3"}')
  const result = await readSnapshot(put(content))
  expect(result.ok).toBe(true)
  if (!result.ok) return
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  expect(Object.keys(result.value.sysctls)).toEqual(['constructor', 'a'])
  expect(Object.getPrototypeOf(result.value.sysctls)).toBe(Object.prototype)
})

test('a gzip bomb is stopped at the limit, whatever its trailer claims', async () => {
  const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024))
  // ISIZE, the last four bytes, is what a reader could be tempted to believe.
  bomb.writeUInt32LE(100, bomb.length - 4)
  const limits = { compressedBytes: 1e6, textBytes: 1024 * 1024, depth: 64, heapBytes: 1e9 }
  const result = await readSnapshot(put(bomb), limits)
  expect(!result.ok && result.failure.what).toMatch(/inflates to more than 1 MiB, the most that is read$/)
})

test('a file that is too large is not even read', async () => {
  const limits = { compressedBytes: 100, textBytes: 1000, depth: 64, heapBytes: 1e9 }
  const plain = await readSnapshot(put(text), limits)
  expect(!plain.ok && plain.failure.what).toMatch(/more than 1000 bytes/)
  const compressed = await readSnapshot(put(gzipSync(text)), limits)
  expect(!compressed.ok && compressed.failure.what).toMatch(/more than 100 bytes/)
})

test('what would take more memory than there is, is refused with what helps', async () => {
  const result = await readSnapshot(put(`[${'{},'.repeat(100_000)}{}]`), {
    compressedBytes: 1e6,
    textBytes: 1e6,
    depth: 64,
    heapBytes: 1e6,
  })
  expect(!result.ok && result.failure).toMatchObject({
    what: expect.stringMatching(/would take about \d+ MiB of memory/),
    hint: expect.stringMatching(/--max-old-space-size=\d+/),
  })
})

test('a mistake in each of very many elements is one complaint, at once', async () => {
  const many = edited((w) => {
    w.netns[0].links = Array.from({ length: 200_000 }, () => ({ kind: 'veth' }))
  })
  expect(await failureOf(many)).toBe('FILE: netns[0].links[0].ifindex: expected number, received undefined')
})

test('large pieces of every form are checked like small ones', async () => {
  const ports = Array.from({ length: 4094 }, (_, vid) => ({ vid, pvid: false, untagged: false }))
  const big = edited((w) => {
    w.netns[0].links[2].port.vlans = ports
    w.netns[0].sysctlsAnd = 1
    w.sysctls = Object.fromEntries(ports.map(({ vid }) => [`k${vid}`, 'v']))
    w.processes = { unknown: 'no' }
  })
  const result = await readSnapshot(put(big))
  expect(result.ok && result.value.netns[0]?.links).toMatchObject([{}, {}, { port: { vlans: ports } }])
  expect(
    await failureOf(
      edited((w) => (w.netns[0].links[2].port.vlans = [...ports, { vid: 1, pvid: 'x', untagged: true }])),
    ),
  ).toBe('FILE: netns[0].links[2].port.vlans[4094].pvid: expected boolean, received string')
  expect(await failureOf(edited((w) => (w.netns = { a: ports })))).toMatch(/^FILE: netns: /)
})

test('every kind of link survives being written and read', async () => {
  const odd = link('other', { ifindex: 9, name: 'x', kindName: 'warp', raw: { 1: 'ff' } })
  const one = world([netns(1, 'host', { links: [odd, link('vxlan', { ifindex: 2, name: 'v' })] })])
  expect(await readSnapshot(put(JSON.stringify(one)))).toEqual({ ok: true, value: one })
})

test('only a regular file is opened; a FIFO does not hold it up', async () => {
  const says = async (file: string) => {
    const result = await readSnapshot(file)
    return result.ok ? 'read' : [result.failure.kind, result.failure.what.replace(/^".*"/, 'FILE')]
  }
  mkdirSync(join(folder, 'folder'))
  expect(await run(['mkfifo', join(folder, 'fifo')])).toMatchObject({ exitCode: 0 })
  symlinkSync('nowhere', join(folder, 'dangling'))
  expect(await says(join(folder, 'folder'))).toEqual(['refused', 'FILE is not a regular file'])
  expect(await says(join(folder, 'fifo'))).toEqual(['refused', 'FILE is not a regular file'])
  const writer = spawn('sh', ['-c', 'echo x > "$0"', join(folder, 'fifo')], { stdio: 'ignore' })
  const written = once(writer, 'exit').then(() => 'went on')
  // By then it waits in open(2) for a reader.
  await waits(writer.pid)
  expect(await says(join(folder, 'fifo'))).toEqual(['refused', 'FILE is not a regular file'])
  expect(await Promise.race([written, new Promise((done) => setTimeout(() => done('waits'), 200))])).toBe(
    'waits',
  )
  writer.kill('SIGKILL')
  expect(await says('/dev/zero')).toEqual(['refused', 'FILE is not a regular file'])
  expect(await says(join(folder, 'dangling'))).toEqual(['not-found', 'FILE does not exist'])
  expect(await says(join(folder, 'no', 'such'))).toEqual(['not-found', 'FILE does not exist'])
  expect(await says(join(folder, 'fifo', 'x'))).toEqual(['not-found', 'FILE does not exist'])
  symlinkSync('circle', join(folder, 'circle'))
  expect(await says(join(folder, 'circle'))).toEqual([
    'refused',
    'FILE cannot be opened: too many symbolic links encountered',
  ])
  expect(await says('a\0b')).toEqual(['refused', expect.stringContaining('cannot be opened')])
})

/** Until the process sleeps in the kernel, for a limit of five seconds. */
async function waits(pid: number | undefined): Promise<void> {
  for (const limit = Date.now() + 5000; Date.now() < limit;) {
    if (/^\d+ \(sh\) S /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return
    await new Promise((done) => setTimeout(done, 10))
  }
  throw new Error('it does not wait')
}
