/** The worker thread's side of the protocol: starts the live World, serves what the screen needs, ends at once. */
import type { MessagePort } from 'node:worker_threads'
import { debugTo } from '../lib/debug-log.ts'
import { failed, type Failure, type Outcome } from '../lib/failure.ts'
import { worldFormat, worldVersion } from '../model/format.ts'
import type { World } from '../model/world.ts'
import { namedNetns, openCollection, type Collection } from './collection.ts'
import { readWorld } from './collector.ts'
import { readDns } from './dns.ts'
import { headerParts } from './header-part.ts'
import { readHostFacts, type HostFacts } from './host-facts.ts'
import { live } from './live.ts'
import type { Live, LiveHeader } from './live-types.ts'
import { liveEngines, type LiveEngines } from './live-engines.ts'
import { liveFindings, type Checks, type LiveFindings } from './live-findings.ts'
import { liveFirewall } from './live-firewall.ts'
import { liveLog } from './live-log.ts'
import type { LogBook } from './log-book.ts'
import type { FromWorker, StartOptions, ToWorker, WorldHeader } from './protocol.ts'
import { serveNeeds, type NeedsParts, type NeedsServer } from './serve-needs.ts'
import { watchNames, type NamesWatch } from './watch-names.ts'

/** What is other folders' business; the entry of the worker brings it. */
export type WorkerParts = NeedsParts & {
  readonly writeSnapshot: WriteSnapshot
  readonly loadChecks: () => Promise<Checks>
}

export type WriteSnapshot = (
  world: World,
  file: string,
  options: { readonly signal: AbortSignal },
) => Promise<Outcome<{ readonly file: string }>>

type Running = {
  readonly collection: Collection
  readonly live: Live
  readonly needs: NeedsServer
  readonly names: NamesWatch
  readonly engines: LiveEngines
  readonly log: LogBook
  readonly findings: Pick<LiveFindings, 'changed' | 'close'>
}

type SnapshotWanted = Extract<ToWorker, { readonly type: 'snapshot' }>

/** After a name was made its namespace is mounted on it: looked for at once, and once more when it must be there. */
const nameMs = [15, 150] as const
const dnsEveryMs = 30_000
/** A container that was just made has processes and files of its own by then: who probes from it needs them. */
const dnsSoonMs = 2000
const foldersEveryMs = 2000
const progressMs = 100

export function runWorker(port: MessagePort, parts: WorkerParts): void {
  const { writeSnapshot } = parts
  const ended = new AbortController()
  let options: StartOptions | null = null
  let running: Running | null = null
  let snapshotCancel = new AbortController()
  /** Said before the start was through. */
  let earlyNeed: Extract<ToWorker, { type: 'need' }> | null = null

  const send = (message: FromWorker, transfer: readonly ArrayBuffer[] = []): void => {
    if (!ended.signal.aborted) port.postMessage(message, [...transfer])
  }
  const fail = (failure: Failure, id: number | null = null): void => send({ type: 'failed', id, failure })

  const start = async (chosen: StartOptions): Promise<void> => {
    options = chosen
    if (chosen.debugFd !== undefined) debugTo(chosen.debugFd, 'worker')
    const opened = await openCollection(chosen.reader, chosen.host)
    if (!opened.ok) return fail(opened.failure)
    const collection = opened.value
    if (ended.signal.aborted) return collection.close()
    const facts = await readHostFacts({
      versions: false,
      reader: collection.toolReader,
      version: chosen.version,
      ...(chosen.terminal === undefined ? {} : { terminal: chosen.terminal }),
    })
    if (ended.signal.aborted) return collection.close()
    running = run({
      collection,
      facts,
      parts,
      sockets: chosen.sockets,
      send,
      failedWith: (error) => fail(bug(error)),
      isTold: chosen.signalled !== undefined,
      signal: ended.signal,
    })
    if (earlyNeed !== null) running.needs.need(earlyNeed.needs, earlyNeed.generation)
  }

  const snapshot = async ({ id, file, changes, log }: SnapshotWanted): Promise<void> => {
    if (options === null) return
    snapshotCancel = new AbortController()
    const { reader, version, terminal, host, sockets } = options
    const signal = AbortSignal.any([ended.signal, snapshotCancel.signal])
    let toldAt = -Infinity
    const progress = (done: number, total: number): void => {
      if (done < total && performance.now() - toldAt < progressMs) return
      toldAt = performance.now()
      send({ type: 'snapshot-progress', id, done, total })
    }
    progress(0, 0)
    const world = await readWorld({
      reader,
      version,
      details: true,
      signal,
      sockets,
      onProgress: progress,
      ...(host === undefined ? {} : { host }),
      ...(terminal === undefined ? {} : { terminal }),
    })
    const seen = { changes, ...(log === undefined ? {} : { log }) }
    const written = world.ok ? await writeSnapshot({ ...world.value, ...seen }, file, { signal }) : world
    if (written.ok) send({ type: 'snapshot-written', id, file: written.value.file })
    else fail(written.failure, id)
  }

  const stop = (): void => {
    send({ type: 'stopped' })
    ended.abort()
    running?.names.close()
    running?.engines.close()
    running?.log.close()
    running?.findings.close()
    running?.needs.close()
    running?.live.stop()
    running?.collection.close()
    port.close()
  }

  port.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'start':
        if (options === null) start(message.options).catch((error) => fail(bug(error)))
        break
      case 'need':
        earlyNeed = message
        running?.needs.need(message.needs, message.generation)
        break
      case 'resend':
        running?.live.retell()
        break
      case 'snapshot':
        snapshot(message).catch((error) => fail(bug(error), message.id))
        break
      case 'cancel-snapshot':
        snapshotCancel.abort()
        break
      case 'host-changed':
        running?.findings.changed()
        break
      case 'look':
        if (options?.signalled !== undefined) Atomics.store(options.signalled, 0, 0)
        running?.live.look()
        break
      case 'stop':
        stop()
    }
  })
}

function run({ collection, facts, parts, sockets, isTold, send, failedWith, signal }: RunInput): Running {
  let seq = 0
  let dns: World['dns'] = []
  let findings: LiveFindings | null = null
  let needs: NeedsServer | null = null
  /** As it is now, until something is told: what checks and rows in words are made of. */
  let whole: World | null = null
  const headerOf = headerParts()
  const log = liveLog(send, () => started.allFound())
  const engines = liveEngines(
    collection,
    {
      happened: () => started.lookAround(),
      changed: () => {
        started.lookAround()
        started.tellHeader()
      },
      told: (event) => log.told(event),
      failed: failedWith,
    },
    sockets,
  )
  const wholeHeader = (header: LiveHeader): WorldHeader => ({
    format: worldFormat,
    version: worldVersion,
    at: new Date().toISOString(),
    ...facts,
    ...header,
    dns,
    engines: engines.engines(),
    changedWhileRead: [],
  })
  const started = live(
    engines.collection,
    {
      tell: ({ changed, edited, gone }, header, { begins, complete }) => {
        seq = begins ? 1 : seq + 1
        whole = null
        const part = headerOf(wholeHeader(header), begins)
        send({ type: 'world', seq, header: part, changed, edited, gone, complete })
        findings?.poke()
        needs?.changed()
      },
      progress: (done, total) => send({ type: 'progress', done, total }),
      heard: (events) => log.heard(events),
      failed: failedWith,
    },
    { isTold },
  )
  const firewall = liveFirewall(
    collection.libc,
    (id) => started.found(id),
    signal,
    (id, lines) => log.noted(id, lines),
  )
  const world = (): World => {
    whole ??= { ...wholeHeader(started.header()), netns: started.all(), changes: [] }
    return whole
  }
  const readDnsAgain = async (): Promise<void> => {
    dns = await readDns(started.processes(), namedNetns(started.allFound()))
    started.schedule.in(dnsEveryMs, 'dns', readDnsAgain)
  }
  const names = watchNames(() => {
    for (const [at, delayMs] of nameMs.entries()) {
      started.schedule.in(delayMs, `names ${at}`, () => started.lookAround())
    }
    started.schedule.in(dnsSoonMs, 'dns', readDnsAgain)
  })
  const lookForFolders = (): void => {
    names.refresh()
    started.schedule.in(foldersEveryMs, 'folders', lookForFolders)
  }
  const afterFill = async (): Promise<void> => {
    await started.filled
    lookForFolders()
    started.schedule.in(0, 'dns', readDnsAgain)
    // Findings speak of containers by name.
    const [checks] = await Promise.all([parts.loadChecks(), engines.asked])
    if (signal.aborted) return
    findings = liveFindings({
      collection,
      live: started,
      firewall,
      world,
      checks,
      tell: (value) => send({ type: 'findings', at: Date.now(), value }),
      failed: failedWith,
    })
  }
  afterFill().catch(failedWith)
  const served = serveNeeds({
    ...parts,
    collection,
    live: started,
    send,
    firewall,
    world,
    failed: failedWith,
  })
  needs = served
  return {
    collection,
    live: started,
    needs: served,
    names,
    engines,
    log,
    findings: { changed: () => findings?.changed(), close: () => findings?.close() },
  }
}

type RunInput = {
  readonly collection: Collection
  readonly facts: HostFacts
  readonly parts: WorkerParts
  readonly sockets: StartOptions['sockets']
  readonly isTold: boolean
  readonly send: (message: FromWorker, transfer?: readonly ArrayBuffer[]) => void
  readonly failedWith: (error: unknown) => void
  readonly signal: AbortSignal
}

function bug(error: unknown): Failure {
  const text =
    error instanceof Error ? `${error.message} ${error.stack?.split('\n')[1]?.trim() ?? ''}` : String(error)
  return failed({ kind: 'refused', what: `an error inside the reading worker: ${text}` }).failure
}
