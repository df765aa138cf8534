/** Tells on standard error how far long work has come; says nothing where nobody watches, or when it is quick. */
export type Progress = {
  readonly report: (done: number, total: number) => void
  /** Takes the line away, until there is more to report. */
  readonly clear: () => void
  /** Takes it away for good. */
  readonly end: () => void
}

const quietMs = 400
const everyMs = 100

export function progress(stream: NodeJS.WriteStream, what: string): Progress {
  const started = Date.now()
  let last = 0
  let shown = false
  let ended = false
  const clear = (): void => {
    if (shown) stream.write('\r\x1b[K')
    shown = false
  }
  return {
    report: (done, total) => {
      const now = Date.now()
      // What was read is told next, by whoever asked for it: that does not begin behind this line.
      if (done >= total) clear()
      else if (!ended && stream.isTTY && now - started >= quietMs && now - last >= everyMs) {
        last = now
        shown = true
        stream.write(`\r\x1b[K${what}: ${done} of ${total}`)
      }
    },
    clear,
    end: () => {
      clear()
      ended = true
    },
  }
}
