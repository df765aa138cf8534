/** Listens on links, one tcpdump each, and tells what passes: in words, into a file, and which flow came how far. */
import { failed, succeeded, type Failure } from '../../lib/failure.ts'
import { refusalToWrite } from '../../lib/new-file.ts'
import type { CaptureRequest, CaptureResult } from '../../model/capture.ts'
import type { Runner } from '../context.ts'
import { checkFilter } from './check-filter.ts'
import { ending } from './ending.ts'
import { keptPackets } from './kept-packets.ts'
import { saveOnOrder } from './save-on-order.ts'
import { mergeByTime } from './merge.ts'
import { openOutput } from './packet-output.ts'
import { pace } from './pace.ts'
import { packetLines } from './packet-lines.ts'
import { pcapngWriter, type LinkCounts, type PcapngWriter } from './pcapng-writer.ts'
import { recorder, type Recorder } from './recorder.ts'
import { openTap, type Tap, type TapEnd } from './tap.ts'
import { watchNamespaces } from './namespace-watch.ts'

/** How long a packet waits for other links that may have an earlier one. */
const windowMs = 120
const tickMs = 30

export const runCapture: Runner<'capture'> = async (request, context) => {
  const { links, file } = request
  const refusal = (await checkFilter(request.filter)) ?? (await refusalOf(file))
  if (refusal !== null) return failed(refusal)

  const { end, because, ended: finished } = ending(context.signal)
  const lines = packetLines(request, context)
  const kept = request.keepMs > 0 ? keptPackets(request.keepMs, request) : null
  const saved = saveOnOrder(kept, context)
  const merge = mergeByTime(links.length, links.length === 1 ? 0 : windowMs)
  const linkTypes: number[] = []
  const to: { writer: PcapngWriter | null } = { writer: null }
  /** Nothing is taken before it is clear that the capture can be. */
  let begun = false
  let keepPace: () => void = () => {}
  const record = recorder(request, {
    onBytes: (packet) => {
      to.writer?.add(packet)
      kept?.add(packet)
    },
    onWords: lines.tell,
  })
  const pour = (due: ReturnType<typeof merge.take>): void => {
    for (const { link, packet } of due) {
      const limit = record.take(link, packet, linkTypes[link] ?? 0)
      if (limit !== null) return end(limit)
    }
  }

  const taps = await Promise.all(
    links.map((link, at) =>
      openTap(link, request, (packets, linkType) => {
        linkTypes[at] = linkType
        merge.add(at, packets, performance.now())
        if (!begun) return
        pour(merge.take(performance.now()))
        keepPace()
      }),
    ),
  )
  const ends = taps.map((tap, at) => tap.ended.finally(() => merge.close(at)))
  const unwatch = watchNamespaces(links, taps)
  const stopAll = async (): Promise<readonly TapEnd[]> => {
    unwatch()
    for (const tap of taps) tap.stop()
    return Promise.all(ends)
  }
  const failures = await beginning(taps, finished)
  const fatal = fatalOf(failures)
  const output = fatal === null ? await openOutput(file, context) : failed(fatal)
  if (!output.ok) {
    await stopAll()
    return output
  }
  const out = output.value
  keepPace = pace(taps, () => {
    if ((out?.problem() ?? null) !== null) end('stopped')
    // What is still on its way at the end is taken at once.
    return because() === null ? (out?.behind() ?? lines.behind()) : null
  })
  if (out !== null) to.writer = pcapngWriter(request, (block) => out.write(block))
  for (const [at, tap] of taps.entries()) tellEnd(tap, ends[at], failures[at] ?? null, lines.bad)
  lines.listening(links.filter((_, at) => (failures[at] ?? null) === null))
  void Promise.all(ends).then((all) => end(all.every(({ why }) => why === null) ? 'stopped' : 'links gone'))
  begun = true
  const addLinks = (): void => {
    for (const [at, tap] of taps.entries()) {
      const linkType = tap.linkType()
      if (linkType !== null) to.writer?.addLink(at, linkType)
    }
  }
  const tick = setInterval(() => {
    addLinks()
    pour(merge.take(performance.now()))
    keepPace()
  }, tickMs)
  const timer = request.durationMs === null ? null : setTimeout(() => end('duration'), request.durationMs)

  await finished
  clearInterval(tick)
  if (timer !== null) clearTimeout(timer)
  const all = await stopAll()
  pour(merge.flush())
  addLinks()
  to.writer?.end(countsOf(all), Date.now())
  const problem = await out?.close()
  await saved()
  lines.end()
  if (problem !== null && problem !== undefined) return failed(problem)
  const ended = all.map(({ why }, at) => failures[at]?.what ?? why)
  const dropped = sumOf(all.flatMap((each) => each.dropped ?? []))
  return succeeded(resultOf(request, record, { ended, dropped, because: because() ?? 'stopped' }))
}

type Ended = Pick<CaptureResult, 'dropped' | 'because'> & { readonly ended: readonly (string | null)[] }

function resultOf(
  { place, links, file }: CaptureRequest,
  record: Recorder,
  { ended, dropped, because }: Ended,
): CaptureResult {
  const { flows, more } = record.flows()
  const counts = record.counts()
  return {
    kind: 'capture',
    ok: true,
    netns: place.netns,
    captured: record.captured(),
    dropped,
    file,
    onWay: new Set(links.map(({ order }) => order)).size > 1,
    links: links.map(({ label }, at) => ({ label, packets: counts[at] ?? 0, ended: ended[at] ?? null })),
    flows,
    moreFlows: more,
    because,
  }
}

async function refusalOf(file: string | null): Promise<Failure | null> {
  return file === null || file === '-' ? null : refusalToWrite(file)
}

/** Of each link why it cannot be listened on; nothing where it was stopped meanwhile. */
async function beginning(
  taps: readonly Tap[],
  finished: Promise<void>,
): Promise<readonly (Failure | null)[]> {
  const started = Promise.all(taps.map((tap) => tap.started))
  return Promise.race([started, finished.then(() => [])])
}

/** One link that cannot be listened on does not keep the others from it; a wrong filter or missing rights do. */
function fatalOf(failures: readonly (Failure | null)[]): Failure | null {
  const told = failures.filter((each) => each !== null)
  const general = told.find(({ kind }) => kind === 'usage' || kind === 'permission')
  return general ?? (told.length === failures.length ? (told[0] ?? null) : null)
}

function tellEnd(
  { link }: Tap,
  ended: Promise<TapEnd> | undefined,
  failure: Failure | null,
  tell: (text: string) => void,
): void {
  if (failure !== null) tell(failure.what)
  else void ended?.then(({ why }) => (why === null ? undefined : tell(`${link.label}: ${why}`)))
}

function countsOf(ends: readonly TapEnd[]): readonly LinkCounts[] {
  return ends.flatMap(({ received, dropped }, link) =>
    received === null || dropped === null ? [] : [{ link, received, dropped }],
  )
}

function sumOf(counts: readonly number[]): number | null {
  return counts.length === 0 ? null : counts.reduce((sum, each) => sum + each, 0)
}
