/** Screen 6: the list of probes and the output of one, as pictures and by its keys. */
import { beforeAll, describe, expect, test } from 'vitest'
import { expectGolden } from './golden.ts'
import {
  captureRequest,
  captureResult,
  connectedTcp,
  dnsRequest,
  droppedTcp,
  ended,
  halfSilentDns,
  line,
  matrixRequest,
  matrixResult,
  packet,
  pingRequest,
  reply,
  started,
  tcpRequest,
  told,
} from './probes-world.ts'
import { live, type Screen } from './screen.ts'
import { dockerHost } from './worlds.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 60, rows: 20 },
] as const

function probed(options: Parameters<typeof live>[1] = {}): Screen {
  const it = live(dockerHost(), options)
  const capture = started(it, captureRequest(), 'capture icmp')
  told(
    it,
    capture,
    ...Array.from(
      { length: 6 },
      (_, at) => ({ type: 'packet', packet: packet(at, at % 2 ? 'docker0' : 'vethe8201cd') }) as const,
    ),
  )
  const dns = started(it, dnsRequest, 'dns www')
  it.now += 1000
  ended(it, dns, halfSilentDns)
  const tcp = started(it, tcpRequest(), 'tcp redis123:6379')
  told(it, tcp, line('172.17.0.2:6379 timeout'))
  it.now += 2000
  ended(it, tcp, droppedTcp)
  const ping = started(it, pingRequest(), 'ping 198.51.100.1')
  for (const [at, ms] of [0.08, 0.31, null, 0.06].entries()) told(it, ping, ...reply(at + 1, ms))
  return it
}

const rowsOf = (it: Screen): readonly string[] =>
  it
    .text()
    .split('\n')
    .filter((each) => /^[> ][! ][* ] *\d+ /.test(each))

describe.each(sizes)('at $columns×$rows', (size) => {
  const named = (what: string): string => `probes-${what}-${size.columns}x${size.rows}`

  test('a ping that runs', () => {
    const it = probed({ size })
    expect(it.line('━> probes')).toContain('4, 2 running')
    expect(rowsOf(it)).toHaveLength(4)
    expect(rowsOf(it)[0]).toMatch(/^> +4 +nginx1 +ping 198\.51.* run {3}4 of 12 sent/)
    expect(it.text()).toMatch(/▁█×▁ {2}0\.06 ms to 0\.31 ms/)
    expect(it.text()).toContain('seq 4, 0.06 ms')
    expectGolden(named('ping'), it.text())
  })

  test('a tcp that failed, and which counters grew', () => {
    const it = probed({ size })
    it.keys('down')
    expect(rowsOf(it)[1]).toMatch(/^>! +3 +nginx1 +tcp redis123:6379 /)
    it.keys('enter')
    expect(it.text()).toContain('filter FORWARD 3 DROP +3')
    expect(it.text()).toContain('$ iptables -t filter -L FORWARD')
    expect(it.text()).toContain('$ ip netns exec nginx1 nc -vz')
    expectGolden(named('tcp'), it.text())
  })

  test('dns with a silent server', () => {
    const it = probed({ size })
    it.keys('down', 'down', 'enter')
    expect(it.line('10.0.0.53')).toContain('timeout  5.00 s  silent')
    expect(it.line(' 127.0.0.11  NOERROR')).toContain('1.20 ms')
    expect(it.text()).toContain('172.28.5.2  for 60 s')
    expectGolden(named('dns'), it.text())
  })

  test('a capture with what was seen where', () => {
    const it = probed({ size })
    ended(it, 1, captureResult)
    it.keys('end', 'enter')
    expect(it.text()).toContain('last on docker0; not on eth0')
    expect(it.text()).toContain('seen on eth0@nginx1 12')
    expect(it.text()).toMatch(/vethe8201cd in  nginx1 > 198\.51\.100\.1: ICMP e/)
    expectGolden(named('capture'), it.text())
  })

  test('a matrix', () => {
    const it = probed({ size })
    const matrix = started(it, matrixRequest, 'matrix tomcat-net')
    told(it, matrix, { type: 'progress', done: 3, total: 9 })
    expect(it.text()).toMatch(/█+░+ 3 of 9/)
    ended(it, matrix, matrixResult)
    it.keys('enter')
    expect(it.line('2 redis123')).toMatch(/2 redis123 +\+ x \.$/)
    expect(it.line('3 tomcat01')).toMatch(/\+ - \?$/)
    expect(it.text()).toContain('x=refused')
    expect(it.text()).toContain('.=lost/timeout')
    expectGolden(named('matrix'), it.text())
  })

  test('two results side by side', () => {
    const it = probed({ size })
    const again = started(it, tcpRequest(), 'tcp redis123:6379')
    ended(it, again, connectedTcp())
    it.keys('=')
    expect(it.line('! ports 1 result')).toMatch(/timeout +connected/)
    expectGolden(named('compare'), it.text())
    it.keys('end')
    expect(it.line('  address  ')).toMatch(/172\.17\.0\.2 +172\.17\.0\.2/)
    it.keys('=')
    expect(it.state.mode.type).toBe('browse')
  })
})
