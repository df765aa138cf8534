/**
 * The program itself, killed at random moments while it changes a host that has a lab, and cleaned up after. VETHSCOPE_KILLS=200 for
 * the whole; VETHSCOPE_SEED for the same moments once more, as far as the machine allows.
 */
import { once } from 'node:events'
import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { Entry } from '../../src/change/apply/entry.ts'
import { readJournal } from '../../src/change/apply/journal-file.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { seed } from '../support/kill-moments.ts'
import { stateOf, type HostState } from '../support/host-state.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

const kills = Number(process.env['VETHSCOPE_KILLS'] ?? 6)
const log = process.env['VETHSCOPE_KILLS_LOG']

/** What somebody might be doing when it happens: each from the host as it was built. */
const changes = [
  ['netns', 'add', 'other'],
  ['net', 'create', 'lab1', '--subnet', '172.31.0.0/24', '--ipv6', '--subnet', 'fd00:31::/64'],
  ['node', 'add', 'n1', '--network', 'lab0', '--publish', '8080:80'],
  ['net', 'publish', 'n0', '9090:90'],
  ['node', 'rm', 'n0'],
] as const

if (requires({ root: true, tools: ['ip', 'bridge', 'nft', 'sysctl', 'flock', 'nsenter', 'conntrack'] })) {
  let program = ''
  beforeAll(async () => {
    program = join(await buildVethscope(), 'main.js')
  })

  /** mulberry32: the same numbers for the same seed. */
  function randoms(from: number): () => number {
    let state = from
    return () => {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    }
  }

  const argv = (...words: readonly string[]) => [process.execPath, program, ...words]

  function must(host: TestHost, ...words: readonly string[]): string {
    const { code, stdout, stderr } = host.try(argv(...words))
    if (code !== 0) throw new Error(`${words.join(' ')}: exit ${code}: ${stderr}${stdout}`)
    return stdout
  }

  /** nsenter forks into the host's pid namespace: its child is the program. */
  function childOf(pid: number | undefined): number | null {
    try {
      const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
      return first === undefined || first === '' ? null : Number(first)
    } catch {
      return null
    }
  }

  /** Ends after so many milliseconds from when its first step was told, or by itself before. */
  async function killed(host: TestHost, words: readonly string[], afterMs: number): Promise<void> {
    const child = host.spawn(argv(...words, '--yes', '--tell-steps'))
    const ended = once(child, 'exit')
    child.stdout?.resume()
    const first = new Promise<void>((resolve) => {
      child.stderr?.on('data', () => resolve())
    })
    await Promise.race([first, ended])
    const left = new AbortController()
    await Promise.race([rest(afterMs, undefined, { signal: left.signal }).catch(() => {}), ended])
    left.abort()
    const pid = childOf(child.pid)
    if (pid !== null) process.kill(pid, 'SIGKILL')
    await ended
  }

  test(
    `killed ${kills} times at random moments (seed ${seed})`,
    async () => {
      const host = await playHost()
      onTestFinished(() => host.end())
      const random = randoms(seed)
      must(host, 'net', 'create', 'lab0', '--subnet', '172.30.0.0/24', '--yes')
      must(host, 'node', 'add', 'n0', '--network', 'lab0', '--yes')
      const before = await vi.waitFor(
        () => {
          const [one, two] = [stateOf(host), stateOf(host)]
          expect(two).toEqual(one)
          return two
        },
        { timeout: 20_000, interval: 300 },
      )
      const [folder = ''] = readdirSync(host.path('/run/vethscope'))
      const journal = (): readonly Entry[] => {
        const read = readJournal(host.path(`/run/vethscope/${folder}`))
        if (!read.ok) throw new Error(read.failure.what)
        return read.value
      }
      const back = (what: string, state: HostState = before) =>
        vi.waitFor(() => expect(stateOf(host), what).toEqual(state), { timeout: 15_000, interval: 150 })
      const counts = { inside: 0, cleanups: 0, finished: 0, early: 0 }
      // How long each takes on this machine, in ms: learnt from those that were faster than their killer.
      const typical = changes.map(() => 120)
      for (let kill = 0; kill < kills; kill += 1) {
        const which = kill % changes.length
        const words = changes[which] ?? changes[0]
        const usual = typical[which] ?? 120
        const last = journal().at(-1)?.id ?? 0
        const afterMs = Math.round(random() * usual)
        const what = `kill ${kill} (seed ${seed}): ${words.join(' ')} after ${afterMs} ms`
        await killed(host, words, afterMs)
        const entry = journal().at(-1)
        if (entry === undefined || entry.id === last) counts.early += 1
        else if (entry.state === 'unfinished') counts.inside += 1
        else counts.finished += 1
        typical[which] =
          entry?.state === 'unfinished' ? usual * 1.05 : Math.max(10, Math.min(usual, afterMs) * 0.9)
        if (entry?.state === 'unfinished' && random() < 0.25) {
          counts.cleanups += 1
          await killed(host, ['cleanup'], random() * usual)
        }
        must(host, 'cleanup', '--yes')
        if (entry !== undefined && entry.id !== last && entry.state === 'applied') must(host, 'undo', '--yes')
        await back(what)
        if (log !== undefined) appendFileSync(log, `${what}: ${entry?.state} ${JSON.stringify(counts)}\n`)
      }
      const last = journal()
      expect(JSON.parse(must(host, 'cleanup', '--yes', '--json'))).toEqual({ cleaned: [] })
      expect(journal()).toEqual(last)
      await back('cleanup once more')
      console.log(`seed ${seed}: ${JSON.stringify(counts)}`)
      expect(journal().filter(({ state }) => state === 'left' || state === 'unfinished')).toEqual([])
      // Where few are inside, the moments say little.
      expect(counts.inside).toBeGreaterThanOrEqual(Math.floor(kills * (kills >= 100 ? 0.75 : 0.2)))
    },
    90_000 + kills * 15_000,
  )
}
