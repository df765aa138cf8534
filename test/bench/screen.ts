/** The open screen on a large host: keys, bytes, changes, idle processor time, memory, and a storm of flaps. */
import { once } from 'node:events'
import type { TestHost } from '../support/host.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'
import type { Section } from './bench.ts'
import { median, percentile } from './figures.ts'
import { keyTimes, pause, programPid, settled, usage } from './screen-probes.ts'
import { isComplete, until } from './start.ts'

const idleSeconds = 20
/** Idle is who has not been touched for so long. */
const idleAfterSeconds = 90

export async function measureScreen(host: TestHost, size: number, program: string): Promise<Section> {
  const terminal = openTestTerminal(host.inside([process.execPath, program]))
  try {
    await until(
      () => isComplete(terminal.text(), size),
      60_000,
      () => terminal.text(),
    )
    await settled(terminal)
    const keys = await keyTimes(terminal, ['j', 'j', 'k', 'pagedown', 'j', 'pageup', 'j'], 30)
    const refresh = await refreshBytes(terminal)
    const changes = await changeTimes(host, terminal)
    // The compiler of V8 works on for a while at what the changes made hot.
    await pause(idleAfterSeconds * 1000)
    const idle = await idleShare(terminal)
    const { rss } = usage(programPid(terminal))
    return {
      group: 'screen',
      title: `The screen, 80×24, ${size} namespaces`,
      rows: [
        {
          figure: 'key to repainted screen, p95 (ms)',
          measured: percentile(keys.ms, 0.95).toFixed(1),
          target: '≤ 16',
        },
        {
          figure: 'bytes for a selection move, median',
          measured: median(keys.moveBytes).toFixed(0),
          target: '≤ 1000',
        },
        {
          figure: 'bytes for a refresh with live counters, most in 10 s',
          measured: refresh,
          target: '≤ 2000',
        },
        {
          figure: 'a change to the repainted screen, p95 (ms)',
          measured: percentile(changes, 0.95).toFixed(0),
          target: '≤ 100',
        },
        {
          figure: `idle for ${idleAfterSeconds} s: share of a core over ${idleSeconds} s (%)`,
          measured: (idle * 100).toFixed(2),
          target: '≤ 2',
        },
        { figure: 'resident memory, both heaps (MB)', measured: (rss / 1e6).toFixed(0), target: '≤ 200' },
      ],
    }
  } finally {
    terminal.close()
  }
}

/** The most that one second of doing nothing writes. */
async function refreshBytes(terminal: TestTerminal): Promise<number> {
  let most = 0
  for (let second = 0; second < 10; second++) {
    const before = terminal.bytes
    await pause(1000)
    most = Math.max(most, terminal.bytes - before)
  }
  return most
}

/** Links far apart go down and up by a resident `ip`, which acts as soon as the line is written. */
async function changeTimes(host: TestHost, terminal: TestTerminal): Promise<readonly number[]> {
  const ip = host.spawn(['ip', '-batch', '-'])
  const ms: number[] = []
  await selectVeth7(terminal)
  for (let round = 0; round < 20; round++) {
    for (const state of ['down', 'up']) {
      await settled(terminal, 60)
      const before = terminal.text()
      const start = performance.now()
      ip.stdin?.write(`link set veth7 ${state}\n`)
      await until(
        () => stateOf(terminal.text()) !== stateOf(before),
        5000,
        () => `veth7 ${state}\n${terminal.text()}`,
      )
      ms.push(performance.now() - start)
    }
  }
  ip.kill('SIGKILL')
  terminal.send('\x1b')
  return ms
}

/** Applying a filter takes a moment in which nothing is written: its outcome is waited for, not silence. */
async function selectVeth7(terminal: TestTerminal): Promise<void> {
  terminal.send('/veth7\r')
  await until(
    () => !/veth(?!7)\d+ /.test(terminal.text()) && /veth7 /.test(terminal.text()),
    5000,
    () => terminal.text(),
  )
  // Home: the first hit, veth7 itself.
  terminal.send('\x1bOH')
  await settled(terminal)
}

/** How long after the last change the row still said something else, in a time in which it had to settle. */
async function downForGood(terminal: TestTerminal): Promise<number> {
  const start = performance.now()
  let other = start
  while (performance.now() < start + 3000) {
    if (stateOf(terminal.text()) !== 'down') other = performance.now()
    await pause(2)
  }
  if (stateOf(terminal.text()) !== 'down') throw new Error(`not the last state:\n${terminal.text()}`)
  return other - start
}

/** How veth7's row speaks of its state. */
function stateOf(text: string): string {
  const row = text.split('\n').find((line) => /veth7 +(⇄|=)/.test(line)) ?? ''
  return /DOWN/.test(row) ? 'down' : 'up'
}

async function idleShare(terminal: TestTerminal): Promise<number> {
  const pid = programPid(terminal)
  const start = performance.now()
  const before = usage(pid).seconds
  await pause(idleSeconds * 1000)
  return (usage(pid).seconds - before) / ((performance.now() - start) / 1000)
}

/** 10,000 changes of a link's state in 30 s. */
export async function measureFlaps(host: TestHost, size: number, program: string): Promise<Section> {
  const terminal = openTestTerminal(host.inside([process.execPath, program]))
  try {
    await until(
      () => isComplete(terminal.text(), size),
      60_000,
      () => terminal.text(),
    )
    await selectVeth7(terminal)
    const pid = programPid(terminal)
    const before = usage(pid).rss
    const ip = host.spawn(['ip', '-batch', '-'])
    const ms: number[] = []
    const start = performance.now()
    let warm = before
    for (let flap = 0; flap < 10_000; flap++) {
      if (flap === 3000) warm = usage(pid).rss
      ip.stdin?.write(`link set veth7 ${flap % 2 === 0 ? 'down' : 'up'}\n`)
      if (flap % 500 === 0) {
        const bytes = terminal.bytes
        const sent = performance.now()
        terminal.send(flap % 1000 === 0 ? 'j' : 'k')
        await until(
          () => terminal.bytes > bytes,
          5000,
          () => terminal.text(),
        )
        ms.push(performance.now() - sent)
      }
      const due = start + flap * 3
      if (performance.now() < due) await pause(due - performance.now())
    }
    const took = (performance.now() - start) / 1000
    const ended = once(ip, 'exit')
    ip.stdin?.end('link set veth7 down\n')
    await ended
    const shown = await downForGood(terminal)
    return {
      group: 'flaps',
      title: `10,000 flaps of a link in ${took.toFixed(0)} s, screen open, ${size} namespaces`,
      rows: [
        { figure: 'the last state on the screen after (ms)', measured: shown.toFixed(0), target: 'shown' },
        { figure: 'a key meanwhile, most (ms)', measured: Math.max(...ms).toFixed(0), target: '≤ 50' },
        {
          figure: 'growth of resident memory (MB)',
          measured: ((usage(pid).rss - before) / 1e6).toFixed(0),
          target: 'none',
        },
        {
          figure: 'of that after the first 3,000 (MB)',
          measured: ((usage(pid).rss - warm) / 1e6).toFixed(0),
          target: 'none',
        },
      ],
    }
  } finally {
    terminal.close()
  }
}
