/** One tcpdump on one link: the packets that it hands over, why it could not begin, and how it ended. */
import { setPriority } from 'node:os'
import { runLive } from '../../lib/run-live.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Failure } from '../../lib/failure.ts'
import type { CaptureLink, CaptureRequest } from '../../model/capture.ts'
import { insideArgv } from '../launch/inside-argv.ts'
import { pcapStream, type RawPacket } from './pcap-stream.ts'
import { startFailure } from './start-failure.ts'

export type TapEnd = {
  /** Why it ended by itself; null: it was told to. */
  readonly why: string | null
  /** As tcpdump counted; null: it did not tell. */
  readonly received: number | null
  readonly dropped: number | null
}

export type Tap = {
  readonly link: CaptureLink
  /** When it listens (null), or cannot. */
  readonly started: Promise<Failure | null>
  readonly ended: Promise<TapEnd>
  /** LINKTYPE_* of its packets; null: not known yet. */
  linkType(): number | null
  pause(): void
  resume(): void
  /** `why`: what is told as the reason of its end. */
  stop(why?: string): void
}

export async function openTap(
  link: CaptureLink,
  request: Pick<CaptureRequest, 'filter' | 'snapLength' | 'links'>,
  onPackets: (packets: readonly RawPacket[], linkType: number) => void,
): Promise<Tap> {
  const stop = new AbortController()
  const stream = pcapStream()
  let reason: string | null = null
  let asked = false
  let listening = false
  let began: (problem: Failure | null) => void = () => {}
  const started = new Promise<Failure | null>((resolve) => (began = resolve))
  const counts = { received: null as number | null, dropped: null as number | null }
  const run = await runLive(insideArgv(link.place, tcpdumpArgv(link.link, request)), {
    signal: stop.signal,
    onStdout: (chunk) => {
      const packets = stream.feed(chunk)
      const linkType = stream.linkType()
      if (packets.length > 0 && linkType !== null) onPackets(packets, linkType)
      const problem = stream.problem()
      if (problem === null || stop.signal.aborted) return
      reason = `what tcpdump sent could not be read: ${problem}`
      stop.abort()
    },
    onStderr: (line) => {
      if (line.startsWith('tcpdump: listening on ')) {
        listening = true
        began(null)
      }
      const counted = /^(\d+) packets? (received by filter|dropped by kernel)$/.exec(line)
      if (counted?.[2] === 'received by filter') counts.received = Number(counted[1])
      if (counted?.[2] === 'dropped by kernel') counts.dropped = Number(counted[1])
    },
  })
  if (run.pid !== undefined) hurry(run.pid)
  const ended = run.ended.then((end): TapEnd => {
    began(listening ? null : startFailure(link, request.filter, end))
    const isClean = end.exitCode === 0 || asked
    return { ...counts, why: reason ?? (isClean ? null : whyEnded(end)) }
  })
  return {
    link,
    started,
    ended,
    linkType: () => stream.linkType(),
    pause: () => run.pause(),
    resume: () => run.resume(),
    stop: (why) => {
      asked = true
      reason ??= why ?? null
      stop.abort()
    },
  }
}

/**
 * Packets are handed over at once (--immediate-mode), else they wait for up to a second and the last ones are lost when
 * it is told to end. Then each has a place of the full snapshot length in the kernel's ring (packet(7), TPACKET_V2),
 * of 64 KiB where nothing is cut off: with tcpdump's own 2 MiB a quarter of 10,000 packets a second got lost.
 */
function tcpdumpArgv(
  link: string,
  { filter, snapLength, links }: Pick<CaptureRequest, 'filter' | 'snapLength' | 'links'>,
): readonly string[] {
  return [
    'tcpdump',
    // Else it becomes another user, where it was built so, and the kernel forgets that it shall end with its parent (prctl(2)).
    '-Z',
    'root',
    '-i',
    link,
    '-n',
    '-U',
    '--immediate-mode',
    '--time-stamp-precision=nano',
    '-B',
    String(ringKiB(links.length, snapLength)),
    '-s',
    String(snapLength),
    '-w',
    '-',
    ...(filter === '' ? [] : ['--', filter]),
  ]
}

/** While it runs. A thousand packets of any length for one link: a tenth of a second of 10,000 a second. */
const allRingsKiB = 128 * 1024
const leastKiB = 4096
const mostKiB = 64 * 1024
/** Of those that are cut short, as many as 10,000 a second are in more than a second. */
const packetsInRing = 16_384
const overheadBytes = 128

function ringKiB(links: number, snapLength: number): number {
  const share = Math.floor(allRingsKiB / Math.max(1, links))
  const wanted = snapLength === 0 ? mostKiB : Math.ceil(((snapLength + overheadBytes) * packetsInRing) / 1024)
  return Math.max(leastKiB, Math.min(mostKiB, share, wanted))
}

function whyEnded({ stderr, problem }: { readonly stderr: string; readonly problem: string | null }): string {
  if (/interface disappeared/i.test(stderr)) return 'the link vanished'
  if (/interface went down|network is down/i.test(stderr)) return 'the link went down'
  const said = stderr
    .split('\n')
    .findLast((line) => /^tcpdump: (?!listening)/.test(line))
    ?.replace(/^tcpdump: /, '')
  return `tcpdump ended: ${sanitise(said ?? problem ?? 'it did not say why')}`
}

/** Before others on a busy host: the ring is full in less time than it may wait for its turn. */
const niceness = -10

function hurry(pid: number): void {
  try {
    setPriority(pid, niceness)
  } catch {
    // Not root, or it has ended already: it goes on as it is.
  }
}
