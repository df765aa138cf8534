/** Packets as they are told. Whoever reads slowly makes the capture wait, unless a file gets everything anyway. */
import { sanitise } from '../../lib/sanitise.ts'
import type { CapturedPacket, CaptureLink, CaptureRequest } from '../../model/capture.ts'
import type { ProbeContext } from '../context.ts'

export type PacketLines = {
  readonly tell: (packet: CapturedPacket) => void
  /** Resolves when more may be told; null: now. */
  behind(): Promise<void> | null
  listening(links: readonly CaptureLink[]): void
  /** What went wrong with a part of it. */
  readonly bad: (text: string) => void
  end(): void
}

export function packetLines({ file }: CaptureRequest, context: ProbeContext): PacketLines {
  let hidden = 0
  const line = (text: string, tone: 'note' | 'bad'): void =>
    context.emit({ type: 'line', at: Date.now(), text: sanitise(text), tone })
  const note = (text: string): void => line(text, 'note')
  const noteHidden = (): void => {
    if (hidden > 0) note(`${hidden} packets are not shown here: there were too many; they are in the file`)
    hidden = 0
  }
  const isFile = file !== null && file !== '-'
  return {
    tell: (packet) => {
      if (file === '-') return
      if (isFile && context.isAhead()) {
        hidden += 1
        return
      }
      noteHidden()
      context.emit({ type: 'packet', packet })
    },
    behind: () => (!isFile && context.isAhead() ? context.drained() : null),
    listening: (links) => {
      if (links.length > 0) note(`listening on ${links.map(({ label }) => label).join(', ')}`)
    },
    // Notes go to standard error: on standard output are the packets then.
    bad: (text) => line(text, file === '-' ? 'note' : 'bad'),
    end: noteHidden,
  }
}
