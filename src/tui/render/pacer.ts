/**
 * Decides when to draw: at once for the first frame and for the answer to a key, else at most 30 times a second;
 * whatever comes in between is drawn by the next one.
 */
export type Pacer = {
  request(urgent: boolean): void
  /** Draws nothing more. */
  stop(): void
}

const intervalMs = 33

export function pacer(draw: () => void, now: () => number = () => performance.now()): Pacer {
  let drawnAt = -Infinity
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const drawNow = () => {
    clearTimeout(timer)
    timer = undefined
    if (stopped) return
    draw()
    // After the drawing: a terminal that takes long to write to is not asked again at once.
    drawnAt = now()
  }
  return {
    request: (urgent) => {
      const wait = drawnAt + intervalMs - now()
      if (urgent || wait <= 0) drawNow()
      else timer ??= setTimeout(drawNow, wait)
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}
