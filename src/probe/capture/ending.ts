/** What ends a capture: whatever comes first. */
import type { CaptureResult } from '../../model/capture.ts'

type Because = CaptureResult['because']

export type Ending = {
  readonly end: (because: Because) => void
  /** null: it goes on. */
  readonly because: () => Because | null
  readonly ended: Promise<void>
}

export function ending(signal: AbortSignal): Ending {
  let because: Because | null = null
  let finish: () => void = () => {}
  const ended = new Promise<void>((resolve) => (finish = resolve))
  const end = (why: Because): void => {
    because ??= why
    finish()
  }
  if (signal.aborted) end('stopped')
  signal.addEventListener('abort', () => end('stopped'), { once: true })
  return { end, because: () => because, ended }
}
