const longest = 64

/** The name that was probably meant, by how many letters have to be changed; null where none is near. */
export function nearest(word: string, names: readonly string[]): string | null {
  if (word.length > longest) return null
  const most = Math.max(1, Math.floor(word.length / 3))
  let best: string | null = null
  let least = most + 1
  for (const name of names) {
    const distance = edits(word.toLowerCase(), name.toLowerCase(), least)
    if (distance >= least) continue
    least = distance
    best = name
  }
  return best
}

/** Letters changed, added, left out or swapped with their neighbour. */
function edits(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit
  let older: readonly number[] = []
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let row = 1; row <= from.length; row += 1) {
    const next = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1]
      const changed = (last[column - 1] ?? 0) + (isSame ? 0 : 1)
      const least = Math.min(changed, (last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1)
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      next.push(isSwapped ? Math.min(least, (older[column - 2] ?? 0) + 1) : least)
    }
    older = last
    last = next
  }
  return last[to.length] ?? limit
}
