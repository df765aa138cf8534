/** What the screen draws lines with. */
export type Glyphs = {
  readonly line: string
  readonly heavy: string
  readonly bar: string
  readonly tee: string
  readonly corner: string
  readonly trunk: string
  readonly unfolded: string
  readonly folded: string
  readonly ascending: string
  readonly pair: string
  readonly arrow: string
  readonly unequal: string
  readonly times: string
  readonly corners: readonly [string, string, string, string]
}

const unicode: Glyphs = {
  line: '─',
  heavy: '━',
  bar: '│',
  tee: '├─',
  corner: '└─',
  trunk: '│ ',
  unfolded: '▼',
  folded: '▶',
  ascending: '▲',
  pair: '⇄',
  arrow: '→',
  unequal: '≠',
  times: '×',
  corners: ['┌', '┐', '└', '┘'],
}

const ascii: Glyphs = {
  line: '-',
  heavy: '=',
  bar: '|',
  tee: '|-',
  corner: '`-',
  trunk: '| ',
  unfolded: 'v',
  folded: '+',
  ascending: '^',
  pair: '=',
  arrow: '>',
  unequal: '!=',
  times: 'x',
  corners: ['+', '+', '+', '+'],
}

export function glyphs(useAscii: boolean | undefined): Glyphs {
  return useAscii === true ? ascii : unicode
}
