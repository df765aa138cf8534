/** Which counters grew while a probe failed, likeliest first: whose, what it means, and the command that shows it. */
import type { Growth, ProbeResult } from '../../model/probe-result.ts'
import { clean, counted } from '../clean.ts'
import type { Style } from '../style.ts'
import { wrap } from '../wrap.ts'

/** The rest is in --json. */
const mostShown = 8
const sentenceRoom = 92

export function growthText(result: ProbeResult, style: Style): readonly string[] {
  if (!('grown' in result) || result.grown === undefined) return []
  const { grown } = result
  if (grown.length === 0) return [style.paint('dim', 'no counter of loss and no rule’s grew meanwhile')]
  const more = grown.length - mostShown
  return [
    'what counted meanwhile:',
    ...grown.slice(0, mostShown).flatMap((each) => entryText(each, style)),
    ...(more > 0 ? [style.paint('dim', `  and ${counted(more, 'other counter')}; --json has all`)] : []),
  ]
}

function entryText({ netns, name, by, says, command }: Growth, { paint }: Style): readonly string[] {
  const shownBy = command === null ? [] : [`      ${paint('cyan', clean(command))}`]
  return [
    `  ${paint('bold', clean(netns.name))}  ${clean(name)}  ${paint('red', `+${by}`)}`,
    ...wrap(clean(says), sentenceRoom).map((line) => `      ${line}`),
    ...shownBy,
  ]
}
