/** Tells when engines should be read again: their events, and of Podman, which sends none about networks, its list of those. */
import { isUnknown } from '../../model/known.ts'
import type { Engine } from '../../model/engine.ts'
import type { Process } from '../../model/process.ts'
import { engineEvent, type EngineEvent } from './engine-event.ts'
import { followEvents } from './event-stream.ts'
import { engineClient } from './http.ts'
import { isMonitor } from './monitors.ts'

export type EngineWatch = {
  /** From now on these are watched: those that are new are connected to, those that are gone let go. */
  follow(engines: readonly Engine[]): void
  close(): void
}

/** Events come in groups (create, connect, start): one look for all of them. */
const gatherMs = 60
const pollMs = 1000
/** One that did not answer is asked again after so long. */
const retryMs = 30_000

const eventFilters = encodeURIComponent(JSON.stringify({ type: ['container', 'network'] }))
const podmanFilters = encodeURIComponent(JSON.stringify({ type: ['container', 'pod'] }))

/** `onEvent`: each of them, for the log. */
export function watchEngines(onChange: () => void, onEvent?: (event: EngineEvent) => void): EngineWatch {
  const watched = new Map<string, AbortController>()
  let gathering: NodeJS.Timeout | null = null
  let retry: NodeJS.Timeout | null = null
  const changed = (): void => {
    gathering ??= setTimeout(() => {
      gathering = null
      onChange()
    }, gatherMs)
  }
  const start = (engine: Engine): AbortController => {
    const stop = new AbortController()
    const { signal } = stop
    const socketPath = engine.endpoint
    const onLine = (line: string): void => {
      const event = engineEvent(engine.engine, line)
      if (event !== null) onEvent?.(event)
    }
    if (engine.engine === 'podman') {
      const path = `/v4.0.0/libpod/events?stream=true&filters=${podmanFilters}`
      followEvents({ socketPath, path, onChange: changed, onLine, signal })
      pollNetworks(socketPath, changed, signal)
    } else {
      const path = `/events?filters=${eventFilters}`
      followEvents({ socketPath, path, onChange: changed, onLine, signal })
    }
    return stop
  }
  return {
    follow: (engines) => {
      const wanted = new Map(engines.filter(isWatchable).map((each) => [keyOf(each), each]))
      for (const [key, stop] of watched) {
        if (wanted.has(key)) continue
        stop.abort()
        watched.delete(key)
      }
      for (const [key, engine] of wanted) if (!watched.has(key)) watched.set(key, start(engine))
      if (retry !== null) clearTimeout(retry)
      retry = engines.some(({ containers }) => isUnknown(containers)) ? setTimeout(changed, retryMs) : null
      retry?.unref()
    },
    close: () => {
      for (const stop of watched.values()) stop.abort()
      watched.clear()
      if (gathering !== null) clearTimeout(gathering)
      if (retry !== null) clearTimeout(retry)
    },
  }
}

/** It answered at a socket. */
function isWatchable({ version, endpoint }: Engine): boolean {
  return version !== null && endpoint.startsWith('/')
}

function keyOf({ engine, endpoint }: Engine): string {
  return `${engine} ${endpoint}`
}

/** The list is a few hundred bytes a network, and the service is at hand while its events are read. */
function pollNetworks(socketPath: string, onChange: () => void, signal: AbortSignal): void {
  let before: string | null = null
  const look = async (): Promise<void> => {
    const client = engineClient(socketPath, signal)
    const answer = await client.get('/v4.0.0/libpod/networks/json', 16 * 1024 * 1024)
    client.close()
    if (signal.aborted) return
    if (!isUnknown(answer)) {
      // `created` of the default network is the moment of asking.
      const now = JSON.stringify(answer.json, (key, value: unknown) =>
        key === 'created' ? undefined : value,
      )
      if (before !== null && before !== now) onChange()
      before = now
    }
    const timer = setTimeout(() => void look(), pollMs)
    timer.unref()
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  }
  void look()
}

/**
 * Changes whenever an engine starts or ends, or a container does that no event tells of: the daemons and the monitors among
 * the processes, as text to compare. A pod's containers share a monitor, but not a control group; what is run in a
 * container for a moment (a health check) is in the container's.
 */
export function engineProcessMark(processes: readonly Process[]): string {
  const monitors = new Set(processes.filter(isMonitor).map(({ pid }) => pid))
  const started = processes
    .filter((process) => monitors.has(process.pid) || daemon.test(process.comm))
    .map(({ pid, startTime }) => `${pid}:${startTime}`)
  const groups = new Set<string>()
  for (const { ppid, cgroup } of processes) {
    if (monitors.has(ppid) && !isUnknown(cgroup)) groups.add(cgroup)
  }
  return [...started, ...[...groups].sort()].join(' ')
}

const daemon = /^(?:dockerd|podman|lxc.*)$/
