/** What a probe tells while it runs: lines for people; with --json only a capture's packets, one document a line. */
import type { ProbeEvent } from '../../model/probe.ts'
import { escapeJson } from '../../lib/sanitise.ts'
import { clean } from '../clean.ts'
import type { Output } from '../print.ts'
import { write } from '../write.ts'

/** Resolves when standard output took them: who prints faster than a terminal shows has to wait. */
export function teller(
  json: boolean,
  { stdout, stderr }: Output,
): (events: readonly ProbeEvent[]) => Promise<void> {
  return async (events) => {
    for (const event of events) {
      switch (event.type) {
        case 'bytes':
          await new Promise<void>((resolve, reject) => {
            stdout.write(event.data, (error) => (error ? reject(error) : resolve()))
          })
          break
        case 'packet':
          await write(stdout, json ? packetJson(event.packet) : packetLine(event.packet))
          break
        case 'line':
          if (!json) await write(event.tone === 'note' ? stderr : stdout, `${clean(event.text)}\n`)
          break
        case 'told':
          await write(stderr, `${clean(event.text)}\n`)
          break
        case 'sample':
        case 'progress':
          break
        default:
          event satisfies never
      }
    }
  }
}

type Packet = Extract<ProbeEvent, { readonly type: 'packet' }>['packet']

function packetJson({ time, link, length, summary, direction, flow }: Packet): string {
  return `${escapeJson(JSON.stringify({ time, link, length, summary, direction, flow }))}\n`
}

function packetLine({ time, link, summary }: Packet): string {
  const clock = new Date(time).toISOString().slice(11, 23)
  return `${clock} ${clean(link)}  ${clean(summary)}\n`
}
