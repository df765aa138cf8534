/** What a probe tells while it runs: lines for people; with --json only a capture's packets, one document a line. */
import type { ProbeEvent } from '../../model/probe.ts'
import { escapeJson } from '../../lib/sanitise.ts'
import { width } from '../../lib/width.ts'
import { clean } from '../clean.ts'
import type { Output } from '../print.ts'
import { progress } from '../progress.ts'
import { inLocale } from '../style.ts'
import { write } from '../write.ts'

/**
 * Resolves when standard output took them: who prints faster than a terminal shows has to wait. Rejects when nobody reads
 * it any more (`| head`), or may not: packets as bytes are not for a terminal.
 */
export function teller(
  json: boolean,
  { stdout, stderr, env }: Output,
): (events: readonly ProbeEvent[]) => Promise<void> {
  const packetLine = packetLines()
  const lineOf = (text: string): string => inLocale(`${clean(text)}\n`, env)
  const done = progress(stderr, 'tried')
  const out = async (text: string | Uint8Array): Promise<void> => {
    if (text.length > 0 && (await write(stdout, text)) === 'closed') throw new Error('nobody reads')
  }
  const tell = async (events: readonly ProbeEvent[]): Promise<void> => {
    // Packets come by the thousand: each alone would be a call of its own.
    let packets = ''
    for (const event of events) {
      if (event.type === 'packet') {
        packets += json ? packetJson(event.packet) : packetLine(event.packet)
        continue
      }
      await out(packets)
      packets = ''
      switch (event.type) {
        case 'bytes':
          if (stdout.isTTY) {
            await write(stderr, 'vethscope: packets are not written to a terminal: lead them elsewhere\n')
            throw new Error('standard output is a terminal')
          }
          await out(event.data)
          break
        case 'line':
          if (json) break
          done.clear()
          if (event.tone === 'note') await write(stderr, lineOf(event.text))
          else await out(lineOf(event.text))
          break
        case 'told':
          await write(stderr, lineOf(event.text))
          break
        case 'progress':
          if (event.done < event.total) done.report(event.done, event.total)
          else done.clear()
          break
        case 'sample':
          break
        default:
          event satisfies never
      }
    }
    await out(packets)
  }
  let last: Promise<void> = Promise.resolve()
  // One after the other, also where the next ones come while these are still being written.
  return (events) => (last = last.then(() => tell(events)))
}

type Packet = Extract<ProbeEvent, { readonly type: 'packet' }>['packet']

function packetJson({ time, link, length, summary, direction, flow }: Packet): string {
  return `${escapeJson(JSON.stringify({ time, link, length, summary, direction, flow }))}\n`
}

/** The links stand below each other, as wide as the widest that was seen. */
function packetLines(): (packet: Packet) => string {
  let widest = 0
  return ({ time, link, direction, summary }) => {
    const label = clean(link)
    widest = Math.max(widest, width(label))
    const way = direction === null ? '   ' : direction.padEnd(3)
    return `${clock(time)} ${label}${' '.repeat(widest - width(label))} ${way} ${clean(summary)}\n`
  }
}

/** Of the day here, to the microsecond. */
function clock(time: number): string {
  const at = new Date(time)
  const two = (value: number): string => String(value).padStart(2, '0')
  const micros = String(Math.floor((time % 1000) * 1000)).padStart(6, '0')
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${micros}`
}
