/** What is told while a probe runs: order, streams, and what happens when nobody reads. */
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { teller } from '../../src/cli/probe/tell.ts'
import type { Output } from '../../src/cli/print.ts'
import type { ProbeEvent } from '../../src/model/probe.ts'

/** A stream that takes its time, so that what does not wait would overtake. */
function stream(options: { readonly isTTY?: boolean; readonly closed?: boolean } = {}) {
  const written: string[] = []
  const it = new Writable({
    write: (chunk, _, done) => {
      if (options.closed === true) return done(Object.assign(new Error('closed'), { code: 'EPIPE' }))
      setTimeout(() => {
        written.push(String(chunk))
        done()
      }, Math.random() * 3)
    },
  })
  return {
    it: Object.assign(it, { isTTY: options.isTTY ?? false }) as unknown as NodeJS.WriteStream,
    written,
  }
}

function played(json: boolean, options: Parameters<typeof stream>[0] = {}) {
  const [out, err] = [stream(options), stream()]
  const output: Output = { stdout: out.it, stderr: err.it, env: {} }
  return { tell: teller(json, output), out: out.written, err: err.written }
}

const packet = (number: number, link = 'v1'): ProbeEvent => ({
  type: 'packet',
  packet: {
    number,
    time: 1_700_000_000_000.25 + number,
    link,
    direction: number % 2 === 0 ? 'in' : null,
    length: 98,
    summary: `packet ${number} \x1b[31m`,
    flow: null,
  },
})
const line = (text: string, tone: 'plain' | 'note' | 'bad'): ProbeEvent => ({
  type: 'line',
  at: 0,
  text,
  tone,
})

test('everything in the order in which it was told, whoever waited in between', async () => {
  const { tell, out } = played(false)
  const all = Array.from({ length: 20 }, (_, at) =>
    tell([packet(3 * at), line(`line ${at}`, 'plain'), packet(3 * at + 1)]),
  )
  await Promise.all(all)
  const numbers = out.join('').match(/packet \d+|line \d+/g)
  expect(numbers).toEqual(
    Array.from({ length: 20 }, (_, at) => [`packet ${3 * at}`, `line ${at}`, `packet ${3 * at + 1}`]).flat(),
  )
})

test('packets as lines: time to the microsecond, links below each other, nothing that a terminal obeys', async () => {
  const { tell, out, err } = played(false)
  await tell([line('listening', 'note'), packet(0, 'eth0@n1'), packet(1, 'v1'), line('v1: gone', 'bad')])
  const lines = out.join('').split('\n')
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.000250 eth0@n1 in  packet 0 \\x1b\[31m$/)
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d\.001250 v1          packet 1/)
  expect(lines[2]).toBe('v1: gone')
  expect(err).toEqual(['listening\n'])
})

test('as JSON only packets, each a line', async () => {
  const { tell, out, err } = played(true)
  await tell([line('listening', 'note'), line('text', 'plain'), packet(2), packet(3)])
  const parsed = out
    .join('')
    .trimEnd()
    .split('\n')
    .map((each) => JSON.parse(each) as unknown)
  expect(parsed).toMatchObject([{ link: 'v1', length: 98, direction: 'in' }, { direction: null }])
  expect(err).toEqual([])
})

test('nobody reads any more: that is an end; bytes are not for a terminal', async () => {
  await expect(played(false, { closed: true }).tell([packet(1)])).rejects.toThrow('nobody reads')
  const terminal = played(false, { isTTY: true })
  await expect(terminal.tell([{ type: 'bytes', data: Buffer.from('\x1b[2J') }])).rejects.toThrow('terminal')
  expect(terminal.out).toEqual([])
  expect(terminal.err.join('')).toContain('not written to a terminal')
})
