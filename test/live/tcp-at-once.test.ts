/** Twenty probes at once in the helper process, as the screen runs them: all are answered, stopped and gone. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleEntries } from '../support/bundle.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'

/**
 * Starts a scan of all ports, probes that wait, and listeners; meanwhile asks a tcp probe ten times how long it takes; stops
 * all; then looks whether the namespace's descriptors are closed.
 */
const program = `
import { readdirSync, readlinkSync, statSync } from 'node:fs'
import { openProber } from './src/probe/prober.ts'
const path = '/run/netns/a'
const { dev, ino } = statSync(path)
const place = { netns: { id: String(ino), name: 'a' }, dev, paths: [path], sockets: [], user: null }
const target = { text: '10.50.0.2', address: '10.50.0.2', family: 4, from: null }
const prober = openProber(new URL('./prober.mjs', import.meta.url))
const probe = (request) => prober.probe({ place, target, timeoutMs: 60000, bannerMs: 0, ...request }, () => {})
const all = [
  probe({ kind: 'tcp', ports: Array.from({ length: 65535 }, (_, at) => at + 1) }),
  ...Array.from({ length: 9 }, (_, at) => probe({ kind: 'tcp', ports: [7000 + at] })),
  ...Array.from({ length: 5 }, () => probe({ kind: 'udp', ports: [7000], payload: '' })),
  ...Array.from({ length: 5 }, (_, at) =>
    probe({ kind: 'listen', protocol: at % 2 ? 'tcp' : 'udp', address: '0.0.0.0', port: 5000 + at, count: null, timeoutMs: null })),
]
const took = []
for (let n = 0; n < 10; n += 1) {
  const began = performance.now()
  const one = await probe({ kind: 'tcp', ports: [81] }).ended
  took.push(Math.round(performance.now() - began))
  if (!one.ok || one.value.result !== 'refused') throw new Error(JSON.stringify(one))
}
const began = performance.now()
for (const each of all) each.stop()
const ended = await Promise.all(all.map(({ ended }) => ended))
const stopMs = Math.round(performance.now() - began)
const helper = readdirSync('/proc').filter((pid) => /^\\d+$/.test(pid)).find((pid) => {
  try { return readlinkSync('/proc/' + pid + '/exe') === process.execPath && Number(pid) !== process.pid } catch { return false }
})
const again = await probe({ kind: 'listen', protocol: 'tcp', address: '0.0.0.0', port: 5001, count: null, timeoutMs: 50 }).ended
const sockets = readdirSync('/proc/' + helper + '/fd').filter((fd) => {
  try { return readlinkSync('/proc/' + helper + '/fd/' + fd).startsWith('socket:') } catch { return false }
})
console.log(JSON.stringify({ took, stopMs, ok: ended.map((each) => each.ok), again: again.ok, sockets: sockets.length }))
await prober.close()
`

if (requires({ root: true, tools: ['ip', 'iptables', 'nsenter'] })) {
  let host: TestHost
  beforeAll(async () => {
    host = await playHost('manyhost')
    host.ip('netns add a', 'netns add b', 'link add eth0 netns a type veth peer name eth0 netns b')
    for (const [name, last] of [
      ['a', 1],
      ['b', 2],
    ] as const) {
      host.run(['ip', '-n', name, '-batch', '-'], {
        input: `link set lo up\nlink set eth0 up\naddr add 10.50.0.${last}/24 dev eth0\n`,
      })
    }
    const inB = ['ip', 'netns', 'exec', 'b']
    for (const protocol of ['tcp', 'udp']) {
      host.run([...inB, 'iptables', '-A', 'INPUT', '-p', protocol, '--dport', '7000:7100', '-j', 'DROP'])
    }
  })
  afterAll(async () => {
    await host.end()
  })

  test('twenty at once: one more is answered quickly, all stop, and every socket is closed', async () => {
    const { program: file } = await bundleEntries({
      program: { source: program },
      prober: { file: 'src/prober.ts' },
    })
    const said = JSON.parse(
      host
        .run([process.execPath, file ?? ''])
        .trim()
        .split('\n')
        .at(-1) ?? '',
    ) as {
      readonly took: readonly number[]
      readonly stopMs: number
      readonly ok: readonly boolean[]
      readonly again: boolean
      readonly sockets: number
    }
    // The first waits for the helper to start. A machine that runs eight test files at once is slow.
    expect(said.took.slice(1).toSorted((a, b) => a - b)[4]).toBeLessThan(300)
    expect(said.stopMs).toBeLessThan(2000)
    expect(said.ok).toEqual(Array.from({ length: 20 }, () => true))
    expect(said.again).toBe(true)
    // The channel to the program, and no socket of the namespace.
    expect(said.sockets).toBeLessThanOrEqual(2)
  }, 30_000)
}
