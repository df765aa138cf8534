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

export type Span = { readonly text: string; readonly role: Role }
/** `selected` lines are drawn in the theme's selection over the whole width. */
export type Line = { readonly spans: readonly Span[]; readonly selected?: boolean }

/** One box of the screen. Regions never overlap, except that later ones lie above earlier ones (popups). */
export type Region = {
  readonly id: string
  readonly top: number
  readonly left: number
  readonly width: number
  readonly height: number
  readonly lines: readonly Line[]
}

export type Frame = {
  readonly columns: number
  readonly rows: number
  readonly regions: readonly Region[]
  /** Where the terminal's cursor stands, for an input line; null: hidden. */
  readonly cursor: { readonly row: number; readonly column: number } | null
}

export type Size = { readonly columns: number; readonly rows: number }
