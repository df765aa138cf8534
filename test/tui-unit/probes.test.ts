/** Screen 6: the list of probes and the output of one, as pictures and by its keys. */
import { beforeAll, describe, expect, test } from 'vitest'
import { withEvents } from '../../src/tui/probes/probe-events.ts'
import { newRun } from '../../src/tui/probes/probes-state.ts'
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
  pingResult,
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
    expect(it.line(' 2 redis123')).toMatch(/ok +ok +los$/)
    expect(it.line(' 3 tomcat01')).toMatch(/ok +ok +ent$/)
    expect(it.text()).toContain('3 members in 1.2 s')
    expectGolden(named('matrix'), it.text())
    it.keys('end')
    expect(it.text()).toContain('ref refused')
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

/** Of the frame as it is drawn. */
const outputOf = (it: Screen): readonly string[] => {
  const region = it.frame().regions.find(({ id }) => id === 'detail')
  return (region?.lines ?? []).map(({ spans }) => spans.map(({ text }) => text).join(''))
}
const messageOf = (it: Screen): string => it.state.message?.text ?? ''
const effectsOf = (it: Screen, type: string): readonly object[] =>
  it.effects.filter((effect) => effect.type === type)

describe('from another screen', () => {
  test('one that is started is shown, and Backspace leads back', () => {
    const it = live(dockerHost())
    it.keys('2', 'down')
    started(it, pingRequest(), 'ping 198.51.100.1')
    expect(it.state.screen).toBe('probes')
    expect(rowsOf(it)[0]).toMatch(/^> +1 /)
    expect(effectsOf(it, 'probe')).toHaveLength(1)
    it.keys('backspace')
    expect(it.state.screen).toBe('namespaces')
    it.keys(']')
    expect(it.state.screen).toBe('probes')
  })

  test('the selection stays on its probe while others end and begin, and no filter hides a new one', () => {
    const it = probed()
    it.keys('/')
    it.type('kind:dns')
    it.keys('enter')
    expect(rowsOf(it)).toHaveLength(1)
    const number = started(it, tcpRequest(), 'tcp redis123:6379')
    expect(rowsOf(it)[0]).toMatch(new RegExp(`^> +${number} `))
    it.keys('down')
    const selected = it.state.tables.probes.selected
    started(it, pingRequest(), 'ping 1.1.1.1')
    expect(it.state.tables.probes.selected).not.toBe(selected)
    it.keys('down', 'down')
    ended(it, number, connectedTcp())
    expect(it.state.tables.probes.selected).toBe(selected)
  })
})

describe('the output', () => {
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => line(`line ${from + at}`))

  test('follows its end, unless one has scrolled back', () => {
    const it = probed()
    told(it, 4, ...many(1, 300))
    expect(outputOf(it).at(-1)).toContain('line 300')
    it.keys('tab', 'pageup')
    const seen = outputOf(it).at(-1)
    expect(outputOf(it)[0]).toMatch(/\d+ below; End follows/)
    told(it, 4, ...many(301, 50))
    expect(outputOf(it).at(-1)).toBe(seen)
    it.keys('end')
    expect(outputOf(it).at(-1)).toContain('line 350')
    told(it, 4, ...many(351, 1))
    expect(outputOf(it).at(-1)).toContain('line 351')
  })

  test('what is not kept any more was above what is looked at', () => {
    const it = probed()
    told(it, 4, ...many(1, 1900))
    it.keys('tab', 'pageup', 'pageup')
    const seen = outputOf(it).at(-1)
    told(it, 4, ...many(1901, 500))
    expect(it.state.probes.runs[0]?.lines).toHaveLength(2000)
    expect(outputOf(it).at(-1)).toBe(seen)
    it.keys('home')
    told(it, 4, ...many(2401, 1000))
    // It went away: the first that is left.
    expect(outputOf(it).join('\n')).toContain('line 1401')
    expect(outputOf(it).join('\n')).not.toContain('line 1400')
  })

  test('of one that ended it begins with what came of it, and can be scrolled to its end', () => {
    const it = probed()
    told(it, 4, ...many(1, 100))
    ended(it, 4, pingResult())
    expect(outputOf(it)[1]).toContain('3 of 3 answered')
    expect(it.text()).toContain('min/avg/max/mdev 0.06 ms / 0.08 ms / 0.31 ms / 0.10 ms')
    it.keys('tab', 'end')
    expect(outputOf(it).at(-1)).toContain('line 100')
    it.keys('home')
    expect(outputOf(it)[1]).toContain('3 of 3 answered')
  })

  test('fills the screen with Enter; Esc brings the list back, another probe begins at its own place', () => {
    const it = probed()
    it.keys('enter')
    expect(rowsOf(it)).toHaveLength(0)
    expect(it.line('━> 4 nginx1 ping')).not.toBe('')
    it.keys('escape')
    expect(rowsOf(it)).toHaveLength(4)
    told(it, 4, ...many(1, 300))
    it.keys('enter', 'home')
    expect(it.state.probes.output.at).not.toBeNull()
    it.keys('enter', 'down')
    expect(it.state.probes.output).toEqual({ isFull: false, at: null })
  })

  test('stands still while the screen is frozen; what is started meanwhile is shown', () => {
    const it = probed()
    it.keys('z')
    told(it, 4, line('while it was frozen'))
    expect(it.text()).not.toContain('while it was frozen')
    const number = started(it, tcpRequest(), 'tcp redis123:6379')
    ended(it, number, connectedTcp())
    expect(rowsOf(it)[0]).toMatch(/^> +5 +nginx1 +tcp redis123:6379 +connected/)
    it.keys('z', 'down')
    expect(it.text()).toContain('while it was frozen')
  })

  test('100,000 packets leave the keys as they are', () => {
    const it = probed()
    it.keys('end')
    const batches = Array.from({ length: 400 }, (_, batch) =>
      Array.from({ length: 250 }, (_, at) => ({ type: 'packet', packet: packet(batch * 250 + at) }) as const),
    )
    const began = performance.now()
    for (const batch of batches) told(it, 1, ...batch)
    const each = (performance.now() - began) / batches.length
    expect(it.state.probes.runs.at(-1)?.packets).toHaveLength(2000)
    expect(it.state.probes.runs.at(-1)?.captured.total).toBe(100_006)
    expect(it.text()).toContain('100006 packets')
    const times = Array.from({ length: 40 }, (_, at) => {
      told(it, 1, ...(batches[at] ?? []))
      const pressed = performance.now()
      it.keys(at % 2 === 0 ? 'up' : 'down')
      it.frame()
      return performance.now() - pressed
    })
    const median = times.toSorted((a, b) => a - b)[20] ?? Infinity
    // On an idle machine 1 and 3 ms; 10,000 packets a second are 40 batches.
    expect({ each, isQuick: each < 12 }).toMatchObject({ isQuick: true })
    expect({ median, isQuick: median < 30 }).toMatchObject({ isQuick: true })
  })
})

test('a batch costs about as much as an event: what is kept is copied once', () => {
  const timeOf = (size: number): number => {
    const batch = Array.from({ length: size }, (_, at) => ({ type: 'packet', packet: packet(at) }) as const)
    let run = newRun(1, captureRequest(), 'capture icmp', 0)
    for (let at = 0; at < 2500; at += size) run = withEvents(run, batch, 0)
    const times = Array.from({ length: 101 }, () => {
      const began = performance.now()
      run = withEvents(run, batch, 0)
      return performance.now() - began
    })
    return times.toSorted((a, b) => a - b)[50] ?? Infinity
  }
  // On an idle machine twice as much; copied for each of its events it were 250 times.
  expect(timeOf(250) / timeOf(1)).toBeLessThan(50)
})

describe('keys', () => {
  test('r asks the same again, as a row of its own', () => {
    const it = probed()
    it.keys('down', 'r')
    expect(rowsOf(it)[0]).toMatch(/^> +5 +nginx1 +tcp redis123:6379 +run/)
    expect(effectsOf(it, 'probe').at(-1)).toMatchObject({ number: 5, request: { kind: 'tcp' } })
    expect(it.state.probes.runs[0]?.repeats).toBe(3)
  })

  test('R runs it again 1 s after each end, in one row that counts, until K', () => {
    const it = probed()
    it.keys('down', 'R')
    const runs = () => effectsOf(it, 'probe').filter((effect) => 'number' in effect && effect.number === 3)
    expect(runs()).toHaveLength(2)
    for (let again = 0; again < 3; again += 1) {
      ended(it, 3, connectedTcp())
      it.wait(500)
      expect(runs()).toHaveLength(2 + again)
      it.wait(600)
      expect(runs()).toHaveLength(3 + again)
    }
    ended(it, 3, droppedTcp)
    expect(rowsOf(it)[1]).toMatch(/^>. +3 .* again 3 of 5 runs ok/)
    // A line for each end.
    expect(it.state.probes.runs[1]?.lines.filter(({ tone }) => tone === 'good')).toHaveLength(3)
    it.keys('K')
    it.wait(5000)
    expect(runs()).toHaveLength(5)
    expect(rowsOf(it)[1]).toMatch(/^>! +3 .* 3 of 5 runs ok; timeout/)
    it.keys('K')
    expect(messageOf(it)).toBe('K: it ended already')
  })

  test('R on what repeats, and on what never ends by itself', () => {
    const it = probed()
    it.keys('R')
    expect(messageOf(it)).toContain('4 runs again 1 s after each end')
    it.keys('R')
    expect(messageOf(it)).toBe('4 is not repeated any more')
    started(it, pingRequest({ count: null }), 'ping 198.51.100.1')
    it.keys('R')
    expect(messageOf(it)).toBe('R: this one runs until it is stopped')
  })

  test('K stops what runs, and all that is marked', () => {
    const it = probed()
    it.keys('K')
    expect(effectsOf(it, 'end-probe')).toEqual([{ type: 'end-probe', number: 4 }])
    expect(rowsOf(it)[0]).toContain('stopping')
    it.keys('K')
    expect(messageOf(it)).toBe('K: it is being stopped')
    ended(it, 4, pingResult({ ok: false, transmitted: 4, received: 3 }))
    started(it, pingRequest(), 'ping 1.1.1.1')
    it.keys('home', 'space', 'end', 'space', 'K')
    expect(effectsOf(it, 'end-probe').slice(1)).toEqual([
      { type: 'end-probe', number: 5 },
      { type: 'end-probe', number: 1 },
    ])
  })

  test('o saves the packets of a capture that runs, and all else as text', () => {
    const it = probed()
    it.keys('end', 'o')
    expect(effectsOf(it, 'order-probe')).toEqual([
      {
        type: 'order-probe',
        number: 1,
        order: { type: 'save', file: 'vethscope-vm01-capture-20261121T140325Z.pcapng' },
      },
    ])
    told(it, 1, { type: 'told', text: '6 packets are in x.pcapng', ok: true })
    expect(messageOf(it)).toBe('6 packets are in x.pcapng')
    it.keys('up', 'up', 'E')
    const effect = it.effects.findLast(({ type }) => type === 'save-text')
    if (effect?.type !== 'save-text') throw new Error('nothing was to be saved')
    expect(effect.file).toBe('vethscope-vm01-tcp-20261121T140325Z.txt')
    expect(effect.text).toContain('# vethscope tcp nginx1 redis123:6379')
    expect(effect.text).toContain('filter FORWARD 3 DROP +3')
    expect(effect.text).toMatch(/2026-11-21T14:03:22\.000Z {2}172\.17\.0\.2:6379 timeout/)
    it.keys('O')
    expect(it.state.mode.type).toBe('columns')
  })

  test('e opens the form with what was asked', () => {
    const it = probed()
    it.keys('e')
    expect(it.state.mode).toMatchObject({ type: 'probe-form', kind: 'ping' })
    expect(it.state.mode).toMatchObject({ input: { text: '198.51.100.1' } })
  })

  test('y and Y copy what shows the same', () => {
    const it = probed()
    it.keys('y')
    expect(effectsOf(it, 'copy')).toEqual([
      { type: 'copy', text: expect.stringMatching(/^ip netns exec nginx1 ping .*198\.51\.100\.1$/) },
    ])
    it.keys('Y')
    expect(it.line('vethscope ping nginx1 198.51.100.1')).toContain('command')
    expect(it.line('address')).toContain('198.51.100.1')
    it.keys('escape')
  })

  test('what has nothing to be compared with says so', () => {
    const it = probed()
    it.keys('=')
    expect(messageOf(it)).toBe('=: it has not ended yet')
    it.keys('down', '=')
    expect(messageOf(it)).toBe('=: no other tcp ended before it')
  })

  test('the filter knows kinds, names, ports, addresses, what failed and what runs', () => {
    const it = probed()
    const fitting = (text: string): readonly string[] => {
      it.keys('escape', '/')
      it.type(text)
      it.keys('enter')
      return rowsOf(it).map((row) => row.slice(4, 6).trim())
    }
    expect(fitting('kind:ping')).toEqual(['4'])
    expect(fitting('is:running')).toEqual(['4', '1'])
    expect(fitting('is:failed')).toEqual(['3'])
    expect(fitting('redis123')).toEqual(['3', '2'])
    expect(fitting(':6379')).toEqual(['3'])
    expect(fitting('198.51.100.0/24')).toEqual(['4'])
    expect(fitting('zzz')).toEqual([])
    expect(it.text()).toContain('no probe fits zzz')
  })
})

describe('leaving', () => {
  test('asks where something runs, and not otherwise', () => {
    const it = probed()
    it.keys('1', 'q')
    expect(it.line('these 2 run, and end with the program')).not.toBe('')
    expect(it.line('4 nginx1 ping 198.51.100.1: 4 of 12 sent')).not.toBe('')
    expectGolden('probes-quit-80x24', it.text())
    it.keys('n')
    expect(it.state.mode.type).toBe('browse')
    it.keys('q', 'escape')
    expect(effectsOf(it, 'quit')).toEqual([])
    it.keys('q')
    // What ran has ended while the question stood.
    it.state = { ...it.state, probes: { ...it.state.probes, runs: [] } }
    expect(it.line('nothing runs any more')).not.toBe('')
    it.keys('enter')
    expect(effectsOf(it, 'quit')).toEqual([{ type: 'quit', exitCode: 0 }])
    const idle = live(dockerHost())
    idle.keys('q')
    expect(effectsOf(idle, 'quit')).toHaveLength(1)
  })

  test('Ctrl-C does not ask', () => {
    const it = probed()
    it.keys('q', 'C-c')
    expect(effectsOf(it, 'quit')).toEqual([{ type: 'quit', exitCode: 130 }])
  })

  test('what repeats runs, also between two runs', () => {
    const it = live(dockerHost())
    const number = started(it, tcpRequest(), 'tcp redis123:6379')
    it.keys('R')
    ended(it, number, connectedTcp())
    it.keys('q')
    expect(it.state.mode.type).toBe('quit')
  })
})

test('what ended long ago is let go, and the history passes over it', () => {
  const it = live(dockerHost())
  const first = started(it, tcpRequest(), 'tcp redis123:6379')
  ended(it, first, connectedTcp())
  const running = started(it, pingRequest(), 'ping 1.1.1.1')
  it.keys('end', '1')
  for (let at = 0; at < 120; at += 1) {
    const number = started(it, tcpRequest(), 'tcp redis123:6379')
    ended(it, number, connectedTcp())
    it.keys('1')
  }
  const numbers = it.state.probes.runs.map(({ number }) => number)
  expect(numbers).toContain(running)
  expect(numbers).not.toContain(first)
  expect(numbers.length).toBeLessThanOrEqual(102)
  for (let back = 0; back < 300; back += 1) it.keys('backspace')
  expect(it.state.message?.kind ?? 'note').toBe('refused')
})

test('a recording has the screen, and says why nothing can be probed', () => {
  const it = live(dockerHost())
  const replay = live(dockerHost(), { mode: 'replay', world: dockerHost() })
  it.keys('6')
  expect(it.text()).toContain('nothing was probed yet')
  replay.keys('6')
  expect(replay.text()).toContain('this is a recording')
  replay.keys('r')
  expect(messageOf(replay)).toContain('a recording is not the host')
})
