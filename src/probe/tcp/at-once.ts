/** Does it for each of many, so many at the same time, and begins no more once the signal came. In their order. */
export async function atOnce<T, R>(
  many: readonly T[],
  most: number,
  signal: AbortSignal,
  work: (one: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>()
  let next = 0
  const worker = async (): Promise<void> => {
    for (let at = next++; at < many.length && !signal.aborted; at = next++) {
      const one = many[at]
      if (one !== undefined) results.set(at, await work(one))
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, many.length) }, worker))
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result)
}
