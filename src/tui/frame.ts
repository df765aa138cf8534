/**
 * What `view` returns and `render` draws: text with meaning, no colours and no escape sequences. Every text in a
 * frame has been through `sanitise`, is cut to its region's width, and has no line end.
 */

/** What a piece of text means; a theme (themes/*.json) says how it looks. */
export const roles = [
  'text',
  'dim',
  'title',
  'heading',
  'key',
  'border',
  'border.focus',
  'selection',
  'match',
  'netns',
  'link',
  'link.up',
  'link.down',
  'bridge',
  'address',
  'container',
  'nat',
  'published',
  'counter',
  'chart.rx',
  'chart.tx',
  'changed',
  'gone',
  'finding.fault',
  'finding.risk',
  'finding.note',
  'rule.accept',
  'rule.drop',
  'unreadable',
  'banner',
  'error',
] as const
export type Role = (typeof roles)[number]

/** Colours of its own, of the 256: what a shell's programs chose. What is absent is as the role has it. */
export type Look = {
  readonly fg?: number
  readonly bg?: number
  readonly bold?: boolean
  readonly underline?: boolean
  readonly inverse?: boolean
}

export type Span = { readonly text: string; readonly role: Role; readonly look?: Look }
/** `selected` lines are drawn in the theme's selection over the whole width. */
export type Line = { readonly spans: readonly Span[]; readonly selected?: boolean }

/** One curve: oldest first, evenly spaced in time; null: not known. */
export type ChartSeries = {
  /** As short as `rx`: it stands at the curve's end, where colours cannot be told apart. */
  readonly label: string
  readonly role: Role
  readonly values: readonly (number | null)[]
}

/** Numbers that render draws into the whole of their region, by blessed-contrib (render/charts.ts). */
export type Chart = {
  readonly kind: 'line' | 'sparkline'
  /** Of the same length; a sparkline has one line for each. */
  readonly series: readonly ChartSeries[]
  /** The top of the scale, which begins at 0. */
  readonly max: number
  /** Below a line chart, evenly spaced from its left end. */
  readonly times: readonly string[]
  /** Where packets were lost: places in `values`. */
  readonly lost: readonly number[]
}

/** One box of the screen. Regions never overlap, except that later ones lie above earlier ones (popups, charts). */
export type Region = {
  readonly id: string
  readonly top: number
  readonly left: number
  readonly width: number
  readonly height: number
  readonly lines: readonly Line[]
  /** Drawn instead of lines. */
  readonly chart?: Chart
}

export type Frame = {
  readonly columns: number
  readonly rows: number
  readonly regions: readonly Region[]
  /** Where the terminal's cursor stands, for an input line; null: hidden. */
  readonly cursor: { readonly row: number; readonly column: number } | null
}

export type Size = { readonly columns: number; readonly rows: number }
