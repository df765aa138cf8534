/** Where something changes without pause it is told this often: the screen has keys to answer too. */
const pacedMs = 80
/** What nothing asked for can ride with what comes next: each telling costs the screen a frame. */
const lazyMs = 250
/** What is new after a while in which little was told is told at once, so many times. */
const tellsAtOnce = 4

/**
 * Answers how long telling has to wait, and counts it where it need not. A token bucket: a telling is a token, and one comes back each `pacedMs`.
 * `isUrgent`: something of it was asked for.
 */
export function tellPace(): (now: number, isUrgent: boolean) => number {
  let tokens = tellsAtOnce
  let at = 0
  let lazySince: number | null = null
  return (now, isUrgent) => {
    lazySince ??= now
    if (!isUrgent && now < lazySince + lazyMs) return Math.ceil(lazySince + lazyMs - now)
    tokens = Math.min(tellsAtOnce, tokens + (now - at) / pacedMs)
    at = now
    if (tokens < 1) return Math.ceil((1 - tokens) * pacedMs)
    tokens -= 1
    lazySince = null
    return 0
  }
}
