/**
 * Decides when to draw: at most one frame in 33 ms; whatever comes in between is drawn by the next one. The answer to a
 * key is drawn at once where no frame was begun in that time. While the terminal has not taken the last frame there is no next
 * one: over a slow line frames are dropped, not queued, and what is drawn is how things stand then.
 */
export type Pacer = {
  request(urgent: boolean): void
  /** Draws what is waited for, or anew, whenever the last frame was. */
  now(): void
  /** The terminal takes a frame again. */
  caughtUp(): void
  /** Draws nothing more. */
  stop(): void
}

const intervalMs = 33

export function pacer(
  /** false: nothing had to be written, so there was no frame. */
  draw: () => boolean,
  /** The terminal has taken all that was drawn. */
  canDraw: () => boolean = () => true,
  now: () => number = () => performance.now(),
): Pacer {
  let begunAt = -Infinity
  let drawnAt = -Infinity
  let timer: { readonly at: number; readonly handle: NodeJS.Timeout } | null = null
  let isWaiting = false
  let stopped = false

  const drawNow = () => {
    if (timer !== null) clearTimeout(timer.handle)
    timer = null
    isWaiting = !canDraw()
    if (stopped || isWaiting) return
    const began = now()
    if (draw()) begunAt = began
    drawnAt = now()
  }
  const request = (urgent: boolean) => {
    // Background changes leave the processor as much rest as time: a drawing may take long.
    const at = (urgent ? begunAt : drawnAt) + intervalMs
    const wait = at - now()
    if (wait <= 0) return drawNow()
    if (timer !== null) {
      if (timer.at <= at) return
      clearTimeout(timer.handle)
    }
    timer = { at, handle: setTimeout(drawNow, wait) }
  }
  return {
    request,
    now: drawNow,
    caughtUp: () => {
      if (isWaiting) request(true)
    },
    stop: () => {
      stopped = true
      if (timer !== null) clearTimeout(timer.handle)
    },
  }
}
