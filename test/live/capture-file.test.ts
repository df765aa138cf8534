/** What a capture writes: a file, a stream for somebody else, what was kept; read back with tcpdump and tshark. */
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { buildLab, outside } from '../support/fault-lab.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { capture, captureOf, resultOf, captureTools, untilTold, wayOf } from './support-capture.ts'

if (requires({ root: true, tools: captureTools })) {
  let host: TestHost
  let folder: string
  const inside = (netns: string, ...command: readonly string[]) =>
    host.try(['ip', 'netns', 'exec', netns, ...command])
  const read = (...command: readonly string[]): readonly string[] => {
    const [file = '', ...args] = command
    const { status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', maxBuffer: 2 ** 28 })
    if (status !== 0) throw new Error(`${file}: ${stderr}`)
    return stdout.split('\n').filter((line) => line !== '')
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vethscope-capture-'))
    host = await playHost('caphost')
    buildLab(host)
  })
  afterAll(async () => {
    await host.end()
    rmSync(folder, { recursive: true, force: true })
  })

  test('the file has an interface a link, and every packet that was told; others read it', async () => {
    const file = join(folder, 'way.pcapng')
    const it = capture(captureOf(wayOf(host), { filter: 'icmp', file, count: 21 }))
    await it.listening
    inside('n1', 'ping', '-c', '4', '-i', '0.2', outside)
    const result = await resultOf(it)
    // Exactly, over all links, though more had come.
    expect(result).toMatchObject({ captured: 21, because: 'count', file, dropped: 0 })
    expect(it.packets).toHaveLength(21)
    const { mode } = statSync(file)
    expect((mode & 0o777).toString(8)).toBe('600')
    expect(read('tcpdump', '-nr', file).filter((line) => line.includes('ICMP echo'))).toHaveLength(21)
    const fields = ['frame.interface_name', 'frame.time_epoch', 'icmp.type']
    const rows = read('tshark', '-r', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])).map(
      (line) => line.split('\t'),
    )
    expect(rows.map(([name]) => name)).toEqual(it.packets.map(({ link }) => link))
    for (const [at, [, time]] of rows.entries()) {
      expect(Math.abs(Number(time) * 1000 - (it.packets[at]?.time ?? 0))).toBeLessThan(0.01)
    }
    const about = read('capinfos', file).join('\n')
    expect(about).toMatch(/Number of interfaces in file: 4/)
    expect(about).toMatch(/Comment = netns n1 \(\d+\)/)
    expect(about).toMatch(/Name = up0/)
    // An existing file is left alone, and so is what is not captured then.
    const again = await capture(captureOf(wayOf(host), { file })).ended
    expect(!again.ok && again.failure).toMatchObject({
      kind: 'refused',
      what: expect.stringMatching(/it exists/),
    })
  })

  test('as bytes for somebody else: one whole pcapng stream, no lines, at their pace', async () => {
    let isAhead = false
    let drained: () => void = () => {}
    const pace = { isAhead: () => isAhead, drained: () => new Promise<void>((go) => (drained = go)) }
    const it = capture(captureOf(wayOf(host), { filter: 'icmp', file: '-', count: 16 }), pace)
    await it.listening
    isAhead = true
    inside('n1', 'ping', '-c', '2', '-i', '0.2', outside)
    isAhead = false
    drained()
    expect(await resultOf(it)).toMatchObject({ captured: 16, file: '-' })
    expect(it.packets).toHaveLength(0)
    const file = join(folder, 'stream.pcapng')
    writeFileSync(file, it.bytes())
    expect(read('tshark', '-r', file, '-T', 'fields', '-e', 'icmp.seq')).toHaveLength(16)
  })

  test('10,000 packets a second are all in the file, in order, and this thread stays awake', async () => {
    const file = join(folder, 'flood.pcapng')
    let longest = 0
    let last = performance.now()
    const pulse = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 10)
    // Nobody takes lines: the file has to get everything nevertheless.
    const it = capture(captureOf(wayOf(host).slice(0, 3), { filter: 'udp port 9', file, snapLength: 256 }), {
      isAhead: () => true,
    })
    await it.listening
    // Beside this thread, which has to read meanwhile.
    const sender = host.spawn(['ip', 'netns', 'exec', 'n1', 'python3', '-c', flood])
    expect(await once(sender, 'exit')).toEqual([0, null])
    const captured = () => (existsSync(file) ? statSync(file).size : 0)
    let size = -1
    await vi.waitFor(
      () => {
        const before = size
        size = captured()
        expect(size).toBe(before)
        expect(size).toBeGreaterThan(3 * sent * 100)
      },
      { timeout: 15_000, interval: 300 },
    )
    const began = performance.now()
    it.stop()
    const result = await resultOf(it)
    expect(performance.now() - began).toBeLessThan(1000)
    clearInterval(pulse)
    expect(result).toMatchObject({ captured: 3 * sent, dropped: 0 })
    expect(longest).toBeLessThan(500)
    const numbers = read(
      'tshark',
      '-r',
      file,
      '-T',
      'fields',
      '-e',
      'frame.interface_name',
      '-e',
      'data.data',
    )
    expect(numbers).toHaveLength(3 * sent)
    const onBridge = numbers.filter((line) => line.startsWith('br0')).map((line) => line.split('\t')[1] ?? '')
    expect(onBridge).toEqual(onBridge.toSorted())
    expect(it.notes().join()).toMatch(/packets are not shown here/)
  })

  test('the latest packets are kept and saved while it goes on', async () => {
    const it = capture(captureOf(wayOf(host), { filter: 'icmp', keepMs: 60_000 }))
    await it.listening
    const file = join(folder, 'kept.pcapng')
    it.order({ type: 'save', file })
    inside('n1', 'ping', '-c', '2', '-i', '0.2', outside)
    await untilTold(it, 16)
    it.order({ type: 'save', file })
    await vi.waitFor(() => expect(it.notes().join()).toContain(`saved as ${file}`), { timeout: 5000 })
    it.order({ type: 'save', file })
    await vi.waitFor(() => expect(it.notes().join()).toContain('it exists'), { timeout: 5000 })
    it.stop()
    await resultOf(it)
    expect(it.notes()).toContain('nothing was captured yet that could be saved')
    expect(read('tcpdump', '-nr', file)).toHaveLength(16)
  })

  test('a file whose writer is killed can be read to the end', async () => {
    const file = join(folder, 'cut.pcapng')
    const it = capture(captureOf(wayOf(host), { filter: 'icmp', file }))
    await it.listening
    inside('n1', 'ping', '-c', '2', '-i', '0.2', outside)
    await untilTold(it, 16)
    // As it lies there while the capture still runs.
    await vi.waitFor(() => expect(read('tcpdump', '-nr', file)).toHaveLength(16), { timeout: 5000 })
    expect(readFileSync(file).length % 4).toBe(0)
    it.stop()
    await resultOf(it)
  })
}
const sent = 10_000
/** At 10,000 a second: each numbered, so that order can be seen. */
const flood = `
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
t = time.time()
for i in range(${sent}):
    s.sendto(b"%08d" % i + b"x" * 92, ("10.7.0.1", 9))
    if i % 50 == 49:
        d = t + (i + 1) / 10000 - time.time()
        if d > 0: time.sleep(d)
`
