/** Where something changes without pause it is told this often: the screen has keys to answer too. */
const pacedMs = 80
/** Until then what is new is told at once. */
const tellsAtOnce = 4

/** Answers how long telling has to wait, and counts it where it need not: the first few wait for nothing. */
export function tellPace(): (now: number) => number {
  const times: number[] = []
  return (now) => {
    const rest = (times.at(-1) ?? -Infinity) + pacedMs - now
    const isBusy = times.length === tellsAtOnce && now - (times[0] ?? 0) < tellsAtOnce * pacedMs * 2
    if (isBusy && rest > 0) return rest
    times.push(now)
    if (times.length > tellsAtOnce) times.shift()
    return 0
  }
}
