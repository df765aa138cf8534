import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { takeLock } from '../../../src/change/apply/lock.ts'
import { run } from '../../../src/lib/run.ts'
import { hasTool } from '../../support/requires.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vethscope-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const { signal } = new AbortController()
const ask = (doing: string, seconds: number, onWait?: (what: string) => void) =>
  takeLock(folder, { doing, seconds, signal, onWait })

test.runIf(hasTool('flock'))(
  'the second is refused with who has it and what is done, and has it afterwards',
  async () => {
    const first = await ask('make network lab0', 1)
    if (!first.ok) throw new Error(first.failure.what)
    expect(first.value.waited).toBe(false)
    const told: string[] = []
    expect(await ask('other', 1, (what) => told.push(what))).toMatchObject({
      ok: false,
      failure: {
        kind: 'refused',
        what: `process ${process.pid} is changing this host (make network lab0), and did not end in 1 s`,
      },
    })
    expect(told).toEqual([`process ${process.pid} is changing this host (make network lab0): waiting for it`])
    const second = ask('other', 30, () => first.value.release())
    const got = await second
    expect(got).toMatchObject({ ok: true, value: { waited: true } })
    if (got.ok) got.value.release()
  },
)

test.runIf(hasTool('flock'))(
  'it stays taken as long as a command of it runs, also when its holder is gone',
  async () => {
    const first = await ask('first', 1)
    if (!first.ok) throw new Error(first.failure.what)
    let started = false
    await run(['mkfifo', `${folder}/fifo`])
    const slow = run(['sh', '-c', 'read -r _ < "$0"', `${folder}/fifo`], {
      holding: first.value.fd,
      onStart: () => {
        started = true
      },
    })
    await vi.waitFor(() => expect(started).toBe(true))
    // As death does: the descriptor closes.
    first.value.release()
    expect(await ask('second', 1)).toMatchObject({ ok: false })
    await run(['sh', '-c', 'echo go > "$0"', `${folder}/fifo`])
    await slow
    const second = await ask('second', 5)
    expect(second).toMatchObject({ ok: true })
    if (second.ok) second.value.release()
  },
)

test.runIf(hasTool('flock'))('who is told to end does not wait on', async () => {
  const first = await ask('first', 1)
  if (!first.ok) throw new Error(first.failure.what)
  const ended = new AbortController()
  const second = await takeLock(folder, {
    doing: 'second',
    signal: ended.signal,
    onWait: () => ended.abort(),
  })
  expect(second).toMatchObject({ ok: false, failure: { what: expect.stringContaining('cancelled') } })
  first.value.release()
})
