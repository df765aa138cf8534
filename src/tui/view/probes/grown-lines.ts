/** Counters that grew by what was sent, each with what it means and the command that shows it: who dropped it. */
import type { Growth } from '../../../model/probe-result.ts'
import type { Line } from '../../frame.ts'
import { lineOf, span } from '../text.ts'
import { para } from './para.ts'

export function grownLines(grown: readonly Growth[] | undefined, columns: number): readonly Line[] {
  if (grown === undefined) return []
  if (grown.length === 0)
    return para([span('none of the counters that were looked at grew meanwhile', 'dim')], columns)
  return [
    lineOf([span(' grew meanwhile:', 'heading')], columns),
    ...grown.flatMap(({ netns, name, by, says, command }) => [
      ...para(
        [span(netns.name, 'netns'), span(` ${name} `), span(`+${by}`, 'counter'), span(`  ${says}`, 'dim')],
        columns,
        2,
      ),
      ...(command === null ? [] : [lineOf([span('     $ ', 'dim'), span(command, 'key')], columns)]),
    ]),
  ]
}
