/** The worker thread's side of the protocol: starts the live World, serves what the screen needs, ends at once. */
import type { MessagePort } from 'node:worker_threads'
import { failed, type Failure, type Outcome } from '../lib/failure.ts'
import { worldFormat, worldVersion } from '../model/format.ts'
import type { Change, World } from '../model/world.ts'
import { namedNetns, openCollection, type Collection } from './collection.ts'
import { readWorld } from './collector.ts'
import { readDns } from './dns.ts'
import { headerParts } from './header-part.ts'
import { readHostFacts, type HostFacts } from './host-facts.ts'
import { live, type Live } from './live.ts'
import type { FromWorker, StartOptions, ToWorker, WorldHeader } from './protocol.ts'
import { serveNeeds, type NeedsServer } from './serve-needs.ts'
import { watchNames, type NamesWatch } from './watch-names.ts'

/** Writing files is another folder's business; the entry of the worker brings it. */
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
}

/** After a name was made its namespace is mounted on it: looked for at once, and once more when it must be there. */
const nameMs = [15, 150] as const
const dnsEveryMs = 30_000
const foldersEveryMs = 2000

export function runWorker(port: MessagePort, writeSnapshot: WriteSnapshot): void {
  const ended = new AbortController()
  let options: StartOptions | null = null
  let running: Running | null = null
  /** Said before the start was through. */
  let earlyNeed: Extract<ToWorker, { type: 'need' }> | null = null

  const send = (message: FromWorker, transfer: readonly ArrayBuffer[] = []): void => {
    if (!ended.signal.aborted) port.postMessage(message, [...transfer])
  }
  const fail = (failure: Failure, id: number | null = null): void => send({ type: 'failed', id, failure })

  const start = async (chosen: StartOptions): Promise<void> => {
    options = chosen
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
    running = run(collection, facts, send, (error) => fail(bug(error)))
    if (earlyNeed !== null) running.needs.need(earlyNeed.needs, earlyNeed.generation)
  }

  const snapshot = async (id: number, file: string, changes: readonly Change[]): Promise<void> => {
    if (options === null) return
    const { reader, version, terminal, host } = options
    const { signal } = ended
    const world = await readWorld({
      reader,
      version,
      details: true,
      signal,
      ...(host === undefined ? {} : { host }),
      ...(terminal === undefined ? {} : { terminal }),
    })
    const written = world.ok ? await writeSnapshot({ ...world.value, changes }, file, { signal }) : world
    if (written.ok) send({ type: 'snapshot-written', id, file: written.value.file })
    else fail(written.failure, id)
  }

  const stop = (): void => {
    send({ type: 'stopped' })
    ended.abort()
    running?.names.close()
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
        snapshot(message.id, message.file, message.changes).catch((error) => fail(bug(error), message.id))
        break
      case 'stop':
        stop()
    }
  })
}

function run(
  collection: Collection,
  facts: HostFacts,
  send: (message: FromWorker, transfer?: readonly ArrayBuffer[]) => void,
  failedWith: (error: unknown) => void,
): Running {
  let seq = 0
  let dns: World['dns'] = []
  const headerOf = headerParts()
  const started = live(collection, {
    tell: ({ changed, edited, gone }, header, { begins, complete }) => {
      seq = begins ? 1 : seq + 1
      const whole: WorldHeader = {
        format: worldFormat,
        version: worldVersion,
        at: new Date().toISOString(),
        ...facts,
        ...header,
        dns,
        engines: [],
        changedWhileRead: [],
      }
      send({ type: 'world', seq, header: headerOf(whole, begins), changed, edited, gone, complete })
    },
    progress: (done, total) => send({ type: 'progress', done, total }),
    failed: failedWith,
  })
  const names = watchNames(() => {
    for (const [at, delayMs] of nameMs.entries()) {
      started.schedule.in(delayMs, `names ${at}`, () => started.lookAround())
    }
  })
  const readDnsAgain = async (): Promise<void> => {
    dns = await readDns(started.processes(), namedNetns(started.allFound()))
    started.schedule.in(dnsEveryMs, 'dns', readDnsAgain)
  }
  const lookForFolders = (): void => {
    names.refresh()
    started.schedule.in(foldersEveryMs, 'folders', lookForFolders)
  }
  const afterFill = async (): Promise<void> => {
    await started.filled
    lookForFolders()
    started.schedule.in(0, 'dns', readDnsAgain)
  }
  void afterFill()
  return { collection, live: started, needs: serveNeeds(collection, started, send), names }
}

function bug(error: unknown): Failure {
  const text =
    error instanceof Error ? `${error.message} ${error.stack?.split('\n')[1]?.trim() ?? ''}` : String(error)
  return failed({ kind: 'refused', what: `an error inside the reading worker: ${text}` }).failure
}
