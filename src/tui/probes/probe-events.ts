/** What a probe told, added to what it told before. One pass over a batch, and one copy of what is kept. */
import type { CapturedPacket } from '../../model/capture.ts'
import type { ProbeEvent } from '../../model/probe.ts'
import { mostLines, mostSamples, type ProbeLine, type ProbeRun } from './probes-state.ts'

export function withEvents(run: ProbeRun, events: readonly ProbeEvent[], now: number): ProbeRun {
  const lines: ProbeLine[] = []
  const packets: CapturedPacket[] = []
  const samples: (number | null)[] = []
  let { progress } = run
  for (const event of events) {
    switch (event.type) {
      case 'line':
        lines.push({ at: event.at, text: event.text, tone: event.tone })
        break
      case 'told':
        lines.push({ at: now, text: event.text, tone: event.ok ? 'note' : 'bad' })
        break
      case 'packet':
        packets.push(event.packet)
        break
      case 'sample':
        samples.push(event.ms)
        break
      case 'progress':
        progress = { done: event.done, total: event.total }
        break
      case 'bytes':
        break
      default:
        event satisfies never
    }
  }
  const isCapture = run.request.kind === 'capture'
  const kept = isCapture ? run.packets.length + packets.length : run.lines.length + lines.length
  return {
    ...run,
    progress,
    lines: latest(run.lines, lines, mostLines),
    packets: latest(run.packets, packets, mostLines),
    dropped: run.dropped + Math.max(0, kept - mostLines),
    samples: latest(run.samples, samples, mostSamples),
    answers: answersWith(run.answers, samples),
    captured: capturedWith(run.captured, packets),
  }
}

function latest<T>(before: readonly T[], more: readonly T[], most: number): readonly T[] {
  if (more.length === 0) return before
  if (more.length >= most) return more.slice(-most)
  return [...before.slice(Math.max(0, before.length + more.length - most)), ...more]
}

function answersWith(before: ProbeRun['answers'], samples: readonly (number | null)[]): ProbeRun['answers'] {
  if (samples.length === 0) return before
  const received = samples.filter((sample) => sample !== null).length
  return { sent: before.sent + samples.length, received: before.received + received }
}

function capturedWith(
  before: ProbeRun['captured'],
  packets: readonly CapturedPacket[],
): ProbeRun['captured'] {
  if (packets.length === 0) return before
  const links = new Map(before.links)
  for (const { link } of packets) links.set(link, (links.get(link) ?? 0) + 1)
  return { total: before.total + packets.length, links }
}
