/**
 * What a probe told, line by line; each is made when it comes into sight:
 *
 *  14:03:22      8 bytes from 172.17.0.3: seq 4, 0.08 ms
 *  14:03:22.104  vethe82 in   nginx1 > redis123: ICMP echo request, id 7, seq 1
 */
import type { CapturedPacket } from '../../../model/capture.ts'
import type { Tone } from '../../../model/probe.ts'
import type { Line, Role } from '../../frame.ts'
import type { ProbeLine, ProbeRun } from '../../probes/probes-state.ts'
import { clockTime } from '../../select/clock.ts'
import { gap, lineOf, padded, span } from '../text.ts'

const toneRoles: Readonly<Record<Tone, Role>> = {
  plain: 'text',
  good: 'link.up',
  bad: 'link.down',
  note: 'dim',
}
/** A label of a link is cut to this; the heading has it whole. */
const mostLabel = 16

/** Lines of one that captures are few: what it says of itself. */
export function outputCount({ packets, lines }: ProbeRun): number {
  return packets.length === 0 ? lines.length : packets.length
}

/** Those from one number to another, counted among what is kept. */
export function outputLines(run: ProbeRun, from: number, to: number, columns: number): readonly Line[] {
  if (run.packets.length === 0) return run.lines.slice(from, to).map((line) => textLine(line, columns))
  const room = Math.min(mostLabel, Math.max(1, ...[...run.captured.links.keys()].map(({ length }) => length)))
  return run.packets.slice(from, to).map((packet) => packetLine(packet, room, columns))
}

function textLine({ at, text, tone }: ProbeLine, columns: number): Line {
  return lineOf([span(` ${clockTime(at)}  `, 'dim'), span(text, toneRoles[tone])], columns)
}

function packetLine({ time, link, direction, summary }: CapturedPacket, room: number, columns: number): Line {
  const fraction = String(Math.floor(time % 1000)).padStart(3, '0')
  return lineOf(
    [
      span(` ${clockTime(time)}.${fraction} `, 'dim'),
      ...padded([span(link, 'link')], room),
      span(` ${(direction ?? '').padEnd(3)} `, 'dim'),
      span(summary),
      gap(0),
    ],
    columns,
  )
}
