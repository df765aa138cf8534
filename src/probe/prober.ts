/**
 * The helper process as the program has it: started with the first probe, one for all of them, ended with the program.
 * When it dies, what ran in it fails with a sentence, and the next probe starts another one.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { debug } from '../lib/debug-log.ts'
import { failed, succeeded, type Failure, type Outcome } from '../lib/failure.ts'
import type { ProbeEvent, ProbeKind, ProbeOrder, RequestOf } from '../model/probe.ts'
import type { ProbeResult, ResultOf } from '../model/probe-result.ts'
import type { FromProber, ToProber } from './protocol.ts'

export type Probing<K extends ProbeKind = ProbeKind> = {
  readonly ended: Promise<Outcome<ResultOf<K>>>
  readonly order: (order: ProbeOrder) => void
  /** It ends soon; its result tells what it came to until then. */
  readonly stop: () => void
}

export type Prober = {
  probe<K extends ProbeKind>(
    request: RequestOf<K>,
    onEvents: (events: readonly ProbeEvent[]) => void | Promise<void>,
  ): Probing<K>
  /** Ends all that runs and the helper. */
  close(): Promise<void>
}

type Asked = {
  readonly onEvents: (events: readonly ProbeEvent[]) => void | Promise<void>
  readonly resolve: (outcome: Outcome<ProbeResult>) => void
}

/** Between asking it to end and SIGKILL. */
const patienceMs = 1500
const saidMost = 1000

/** `file`: the helper's program, `dist/prober.js`. */
export function openProber(file: URL): Prober {
  const asked = new Map<number, Asked>()
  let child: ChildProcess | null = null
  let last = 0

  const launch = (): ChildProcess => {
    const process = fork(file, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    let said = ''
    process.stderr?.on('data', (data) => (said = `${said}${data}`.slice(-saidMost)))
    process.on('message', (message) => receive(message as FromProber))
    const gone = (reason: string): void => {
      if (child === process) child = null
      for (const [id, { resolve }] of asked) {
        asked.delete(id)
        resolve(failed(helperGone(reason)))
      }
    }
    process.on('error', (error) => gone(error.message))
    process.on('exit', (code, signal) => gone(lastLine(said) ?? signal ?? `exit code ${code}`))
    return process
  }
  const tell = (message: ToProber): void => {
    child ??= launch()
    if (child.connected) child.send(message, () => {})
  }
  const receive = (message: FromProber): void => {
    if (message.type === 'ready') return
    const one = asked.get(message.id)
    if (one === undefined) return
    switch (message.type) {
      case 'events': {
        const { id, events } = message
        const took = (): void => tell({ type: 'taken', id, events: events.length })
        const pending = one.onEvents(events)
        if (pending === undefined) took()
        else void pending.then(took, took)
        return
      }
      case 'ended':
      case 'failed':
        asked.delete(message.id)
        debug('probe', `${message.id} ${message.type}`)
        one.resolve(message.type === 'ended' ? succeeded(message.result) : failed(message.failure))
        return
      default:
        return message satisfies never
    }
  }

  return {
    probe: <K extends ProbeKind>(request: RequestOf<K>, onEvents: Asked['onEvents']): Probing<K> => {
      const id = (last += 1)
      const ended = new Promise<Outcome<ProbeResult>>((resolve) => asked.set(id, { onEvents, resolve }))
      debug('probe', `${id} ${request.kind}`)
      tell({ type: 'run', id, request })
      return {
        // The helper answers a request of a kind with that kind's result.
        ended: ended as Promise<Outcome<ResultOf<K>>>,
        order: (order) => tell({ type: 'order', id, order }),
        stop: () => {
          if (asked.has(id)) tell({ type: 'stop', id })
        },
      }
    },
    close: async () => {
      const process = child
      if (process === null) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => process.kill('SIGKILL'), patienceMs)
        process.on('exit', () => {
          clearTimeout(timer)
          resolve()
        })
        if (process.connected) process.disconnect()
      })
    },
  }
}

function helperGone(reason: string): Failure {
  return {
    kind: 'refused',
    what: `the helper process that probes ended: ${reason}`,
    hint: 'try again: another one is started',
  }
}

function lastLine(said: string): string | null {
  return (
    said
      .split('\n')
      .findLast((line) => line.trim() !== '')
      ?.trim() ?? null
  )
}
