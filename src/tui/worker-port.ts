/**
 * The worker as the screen has it: started, spoken to, started again when it died, and ended within half a second.
 * It is never waited for: a worker that hangs in the kernel must not hold the terminal.
 */
import { Worker } from 'node:worker_threads'
import { serialize } from 'node:v8'
import { debug, isDebugging } from '../lib/debug-log.ts'
import type { FromWorker, StartOptions, ToWorker } from '../collect/protocol.ts'

export type WorkerEvents = {
  onMessage(message: FromWorker): void
  /** It ended without being asked to. */
  onGone(reason: string): void
}

export type WorkerPort = {
  /** Until somebody listens, what comes is kept. */
  listen(events: WorkerEvents): void
  post(message: ToWorker): void
  restart(): void
  /** Resolves when the worker said goodbye, or after half a second. */
  stop(): Promise<void>
}

const patienceMs = 500
/**
 * What the reader makes is short-lived, or lasts: with V8's usual room for new objects (48 MB) it takes 10 MB more and is no
 * faster. Its heap as a whole has V8's own limit.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 6 }
/** Of what it said last, so many characters are kept. */
const saidMost = 1000

export function openWorker(file: URL, start: StartOptions): WorkerPort {
  let listener: WorkerEvents | null = null
  const early: ((to: WorkerEvents) => void)[] = []
  let needs: ToWorker | null = null
  let stopping = false
  const signalled = new Int32Array(new SharedArrayBuffer(4))
  let current = launch()
  process.on('SIGURG', signal)

  function launch(): Worker {
    // What it prints would land in the middle of the screen.
    const worker = new Worker(file, { stdout: true, stderr: true, resourceLimits })
    let reason: string | null = null
    let said = ''
    worker.stdout.resume()
    worker.stderr.on('data', (data) => (said = `${said}${data}`.slice(-saidMost)))
    worker.on('message', (message: FromWorker) => {
      if (isDebugging()) debug('from-worker', `${message.type}, ${sizeOf(message)} bytes`)
      if (!stopping && worker === current) report((to) => to.onMessage(message))
    })
    worker.on('error', (error) => (reason = reasonOf(error)))
    worker.on('exit', (code) => {
      if (!stopping && worker === current) report((to) => to.onGone(reason ?? endOf(code, said)))
    })
    tell(worker, { type: 'start', options: { ...start, signalled } })
    return worker
  }

  /** The kernel told something of the network (collect/kernel/watch-readable.ts). */
  function signal(): void {
    if (Atomics.exchange(signalled, 0, 1) === 0) tell(current, { type: 'look' })
  }

  function report(event: (to: WorkerEvents) => void): void {
    if (listener === null) early.push(event)
    else event(listener)
  }

  return {
    listen: (to) => {
      listener = to
      for (const event of early.splice(0)) event(to)
    },
    post: (message) => {
      if (message.type === 'need') needs = message
      tell(current, message)
    },
    restart: () => {
      const old = current
      // What was on its way to it.
      Atomics.store(signalled, 0, 0)
      current = launch()
      void old.terminate()
      if (needs !== null) tell(current, needs)
    },
    stop: async () => {
      stopping = true
      const worker = current
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMs)
        const done = () => {
          clearTimeout(timer)
          resolve()
        }
        worker.on('exit', done)
        worker.on('message', (message: FromWorker) => {
          if (message.type === 'stopped') done()
        })
        tell(worker, { type: 'stop' })
      })
      process.off('SIGURG', signal)
      worker.unref()
      void worker.terminate()
    },
  }
}

function tell(worker: Worker, message: ToWorker): void {
  debug('to-worker', message.type)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  worker.postMessage(message)
}

/** As it crosses between the threads. */
function sizeOf(message: FromWorker): number {
  return serialize(message).byteLength
}

function reasonOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error)
}

/** It threw nothing that could be caught: what it said last may tell, and else only the code does. */
function endOf(code: number, said: string): string {
  const last = said
    .split('\n')
    .findLast((line) => line.trim() !== '')
    ?.trim()
  return `the reader ended with code ${code}${last === undefined ? '' : `: ${last}`}`
}
