import { matrixGrid, type GridTone } from '../../derive/probe/matrix-grid.ts'
import type { MatrixResult } from '../../model/probe-result.ts'
import { clean } from '../clean.ts'
import type { Colour, Style } from '../style.ts'

/** As wide as a terminal is at least; more columns stand below. */
const columns = 80

const colours: { readonly [T in GridTone]: Colour | null } = {
  good: 'green',
  bad: 'red',
  weak: 'dim',
  plain: null,
  head: 'bold',
}

/** The grid of each that was tried, and what it took. */
export function matrixText(result: MatrixResult, style: Style): readonly string[] {
  const lines = matrixGrid(result, columns).map((line) =>
    line
      .map(({ text, tone }) => {
        const colour = colours[tone]
        return colour === null ? clean(text) : style.paint(colour, clean(text))
      })
      .join(''),
  )
  const { members, network, seconds, mostSockets } = result
  const took = `${members.length} members of ${clean(network)} in ${seconds.toFixed(1)} s, at most ${mostSockets} sockets at once`
  return [...lines, style.paint('dim', took)]
}
