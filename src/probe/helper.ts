/**
 * One helper process: started with the first probe that it is asked for, ended with the program. When it dies, what ran in it
 * fails with a sentence, and the next probe starts another one.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { debug } from '../lib/debug-log.ts'
import { failed, succeeded, type Failure, type Outcome } from '../lib/failure.ts'
import type { ProbeEvent, ProbeOrder, ProbeRequest } from '../model/probe.ts'
import type { ProbeResult } from '../model/probe-result.ts'
import type { FromProber, ToProber } from './protocol.ts'

export type OnEvents = (events: readonly ProbeEvent[]) => void | Promise<void>

export type Helper = {
  run(
    id: number,
    request: ProbeRequest,
    onEvents: OnEvents,
  ): {
    readonly ended: Promise<Outcome<ProbeResult>>
    readonly order: (order: ProbeOrder) => void
    readonly stop: () => void
  }
  /** Nothing runs in it. */
  isIdle(): boolean
  /** Ends all that runs, and the process. */
  close(): Promise<void>
}

type Asked = { readonly onEvents: OnEvents; readonly resolve: (outcome: Outcome<ProbeResult>) => void }

/** Between asking it to end and SIGKILL. */
const patienceMs = 1500
const saidMost = 1000

/** `command` becomes the helper's program in the end; the channel is passed on to it. */
export function openHelper(command: readonly [string, ...string[]]): Helper {
  const asked = new Map<number, Asked>()
  let child: ChildProcess | null = null

  const launch = (): ChildProcess => {
    const [file, ...args] = command
    const process = spawn(file, args, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
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
        // Not to one that was started since: it would be told of what it never sent.
        const took = (): void => void (asked.has(id) && tell({ type: 'taken', id, events: events.length }))
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
    run: (id, request, onEvents) => {
      const ended = new Promise<Outcome<ProbeResult>>((resolve) => asked.set(id, { onEvents, resolve }))
      tell({ type: 'run', id, request })
      const ask = (message: ToProber) => void (asked.has(id) && tell(message))
      return {
        ended,
        order: (order) => ask({ type: 'order', id, order }),
        stop: () => ask({ type: 'stop', id }),
      }
    },
    isIdle: () => asked.size === 0,
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
