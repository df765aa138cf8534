/** Sessions that end with the process that guards them, however that ends. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { bundle } from '../support/bundle.ts'

let program = ''

beforeAll(async () => {
  program = await bundle(`
    import { sessionGuard } from './src/lib/session-guard.ts'
    const guard = sessionGuard()
    const [kept, ended, other] = process.argv.slice(2).map(Number)
    guard.add(other); guard.add(kept); guard.add(ended); guard.remove(kept); guard.remove(4999999)
    process.stdout.write('ready')
    setInterval(() => {}, 1000)
  `)
}, 30_000)

/** Gone, or ended and not yet waited for. */
function isGone(pid: number): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ''))
  } catch {
    return true
  }
}

/** A session with a shell and a program below it that both ignore SIGHUP; both pids. */
async function session(): Promise<readonly [number, number]> {
  const child = spawn('sh', ['-c', `trap '' HUP; sleep 300 & echo $!; wait`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [data] = (await once(child.stdout, 'data')) as [Buffer]
  const pids = [child.pid ?? 0, Number(String(data))] as const
  onTestFinished(() => {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // As it should be.
      }
    }
  })
  return pids
}

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'after %s all of a guarded session ends, also what ignores SIGHUP, and no other session',
  async (signal) => {
    const [kept, ended, other] = await Promise.all([session(), session(), session()])
    const guard = spawn(process.execPath, [program, ...[kept, ended, other].map(([pid]) => String(pid))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(guard.stdout, 'data')
    guard.kill(signal)
    const pids = [...ended, ...other]
    await vi.waitFor(() => expect(pids.map(isGone)).toEqual(pids.map(() => true)), 10_000)
    expect(kept.map(isGone)).toEqual([false, false])
  },
  20_000,
)
