import { expect, test, vi } from 'vitest'
import { runLive } from '../../src/lib/run-live.ts'

const never = new AbortController().signal

test('what it prints comes while it runs, and all of it before its end is told', async () => {
  const chunks: string[] = []
  const lines: string[] = []
  const run = await runLive(
    ['sh', '-c', 'echo one; echo "half a" >&2; printf "line" >&2; read -r _ < /dev/null; echo two; exit 3'],
    {
      signal: never,
      onStdout: (chunk) => chunks.push(chunk.toString()),
      onStderr: (line) => lines.push(line),
    },
  )
  const end = await run.ended
  expect(chunks.join('')).toBe('one\ntwo\n')
  expect(lines).toEqual(['half a', 'line'])
  expect(end).toEqual({ exitCode: 3, problem: null, stderr: 'half a\nline' })
})

test('one that is told to end still hands over what it says last', async () => {
  const stop = new AbortController()
  const chunks: string[] = []
  const run = await runLive(
    ['sh', '-c', 'trap "echo last; exit 0" TERM; echo ready; while :; do sleep 0.05; done'],
    { signal: stop.signal, onStdout: (chunk) => chunks.push(chunk.toString()) },
  )
  await vi.waitFor(() => expect(chunks.join('')).toBe('ready\n'), { timeout: 5000 })
  stop.abort()
  expect(await run.ended).toMatchObject({ exitCode: 0, problem: null })
  expect(chunks.join('')).toBe('ready\nlast\n')
})

test('one that does not listen is killed, also while its output is not taken', async () => {
  const stop = new AbortController()
  let said = ''
  const run = await runLive(['sh', '-c', 'trap "" TERM; echo ready; exec yes'], {
    signal: stop.signal,
    onStdout: (chunk) => (said = chunk.toString('latin1', 0, 6)),
  })
  await vi.waitFor(() => expect(said).not.toBe(''), { timeout: 5000 })
  run.pause()
  const began = performance.now()
  stop.abort()
  expect((await run.ended).problem).toMatch(/^killed by SIG(TERM|KILL)$/)
  expect(performance.now() - began).toBeLessThan(3000)
})

test('while its output is not taken it waits, also with what goes to standard error', async () => {
  const stop = new AbortController()
  let lines = 0
  const run = await runLive(['sh', '-c', 'exec yes >&2'], {
    signal: stop.signal,
    onStdout: () => {},
    onStderr: () => (lines += 1),
  })
  await vi.waitFor(() => expect(lines).toBeGreaterThan(0), { timeout: 5000 })
  run.pause()
  const until = lines
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(lines).toBe(until)
  run.resume()
  await vi.waitFor(() => expect(lines).toBeGreaterThan(until), { timeout: 5000 })
  run.pause()
  stop.abort()
  expect((await run.ended).problem).toBe('killed by SIGTERM')
})

test('a grandchild that keeps the pipe does not keep the end from being told', async () => {
  const stop = new AbortController()
  let said = ''
  const run = await runLive(['sh', '-c', 'sleep 30 & echo $!; wait'], {
    signal: stop.signal,
    onStdout: (chunk) => (said += chunk.toString()),
  })
  await vi.waitFor(() => expect(said).toMatch(/^\d+\n$/), { timeout: 5000 })
  stop.abort()
  expect((await run.ended).problem).toBe('killed by SIGTERM')
  process.kill(Number(said), 'SIGKILL')
})

test('a paused one waits, and goes on', async () => {
  let bytes = 0
  const run = await runLive(['head', '-c', '1000000', '/dev/zero'], {
    signal: never,
    onStdout: (chunk) => {
      bytes += chunk.length
      run.pause()
      setTimeout(() => run.resume(), 1)
    },
  })
  expect((await run.ended).exitCode).toBe(0)
  expect(bytes).toBe(1_000_000)
})

test('what cannot be started is a value', async () => {
  const options = { signal: never, onStdout: () => {} }
  expect(await (await runLive(['no-such-program'], options)).ended).toMatchObject({ problem: 'not found' })
  expect((await (await runLive(['a\0b'], options)).ended).problem).toContain('NUL')
  const stopped = { signal: AbortSignal.abort(), onStdout: () => {} }
  expect((await (await runLive(['true'], stopped)).ended).problem).toBe('cancelled')
})
