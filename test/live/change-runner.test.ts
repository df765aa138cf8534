/** The small process that runs the commands of a large change: what is promised of a command holds there, too. */
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openRunner } from '../../src/change/apply/runner.ts'
import { run } from '../../src/lib/run.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ tools: ['flock'] })) {
  let file = ''
  let folder = ''
  let lock = -1
  beforeAll(async () => {
    file = join(await buildVethscope(), 'runner.js')
  }, 60_000)
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vethscope-runner-'))
    lock = openSync(join(folder, 'lock'), 'w+')
  })
  afterEach(() => {
    if (lock !== -1) closeSync(lock)
    rmSync(folder, { recursive: true })
  })

  const sh = (script: string) => ({ argv: ['sh', '-c', script], timeoutMs: 10_000 })
  const nothing = (): void => {}
  const isFree = async (): Promise<boolean> =>
    (await run(['flock', '-n', join(folder, 'lock'), 'true'])).exitCode === 0

  test('the first commands are run by this process, those after them by another, which ends when it is told to', async () => {
    const runner = openRunner(lock, { after: 2, file })
    const parents: number[] = []
    for (let at = 0; at < 5; at += 1) {
      const { stdout } = await runner.run(sh('echo $PPID'), nothing)
      parents.push(Number(stdout))
    }
    const [one, two, three = 0, four, five] = parents
    expect([one, two, four, five]).toEqual([process.pid, process.pid, three, three])
    expect(three).not.toBe(process.pid)
    expect(await runner.run({ argv: ['cat'], timeoutMs: 5000, input: 'ä\n' }, nothing)).toMatchObject({
      exitCode: 0,
      stdout: 'ä\n',
      problem: null,
    })
    await runner.end()
    expect(existsSync(`/proc/${three}`)).toBe(false)
  })

  test('the lock is taken until the command that was begun has ended, and its start is told', async () => {
    await run(['flock', '-n', '3'], { holding: lock })
    const runner = openRunner(lock, { after: 0, file })
    const begun = new Promise<void>((done) => {
      void runner.run(sh(`sleep 0.5; echo > ${folder}/done`), done)
    })
    await begun
    // As where this program is killed: only they hold it now.
    closeSync(lock)
    lock = -1
    const end = runner.end()
    expect([existsSync(join(folder, 'done')), await isFree()]).toEqual([false, false])
    await end
    expect([existsSync(join(folder, 'done')), await isFree()]).toEqual([true, true])
  })

  test('where that process is killed, its command is one of which nobody knows; the next is run here', async () => {
    const runner = openRunner(lock, { after: 0, file })
    const { stdout: first } = await runner.run(sh('echo $PPID'), nothing)
    const killed = runner.run(sh('sleep 0.2; echo late'), () => process.kill(Number(first), 'SIGKILL'))
    expect(await killed).toMatchObject({ exitCode: null, problem: 'what runs commands ended: SIGKILL' })
    expect((await runner.run(sh('echo $PPID'), nothing)).stdout).toBe(`${process.pid}\n`)
    await runner.end()
  })
}
