/** The scale of a chart: a round number at its top, in a unit in which that has at most three digits. */

export type Scale = {
  /** In the unit. */
  readonly max: number
  readonly unit: string
  /** What one of the unit is. */
  readonly factor: number
}

const prefixes = ['', 'k', 'M', 'G', 'T', 'P'] as const
/** Of these a quarter or a half is a short number too. */
const round = [1, 1.2, 1.6, 2, 2.4, 3, 4, 6, 8, 10] as const

/** `least`: a nearly idle link must not look like a busy one. */
export function scaleOf(most: number, unit: string, least: number): Scale {
  const wanted = Math.max(most, least)
  const decade = 10 ** Math.floor(Math.log10(wanted))
  const top = (round.find((each) => each * decade >= wanted) ?? 10) * decade
  const at = Math.min(prefixes.length - 1, Math.max(0, Math.floor(Math.log10(top) / 3 + 1e-9)))
  const factor = 1000 ** at
  // Not 2.4000000000000004.
  return { max: Math.round((top / factor) * 1000) / 1000, unit: `${prefixes[at]}${unit}`, factor }
}
