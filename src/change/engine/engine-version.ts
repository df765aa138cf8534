/** Versions of engines as they write them: `20.10.24+dfsg1`, `28.2.2`. */

/** False where it is not known: what may be missing is not asked for. */
export function isAtLeast(version: string | null, major: number, minor = 0): boolean {
  const [, first, second] = /^(\d+)(?:\.(\d+))?/.exec(version ?? '') ?? []
  if (first === undefined) return false
  const has = Number(first)
  return has > major || (has === major && Number(second ?? 0) >= minor)
}
