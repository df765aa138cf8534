import { clockTime, hourMinute } from '../../select/clock.ts'
import type { Feed } from '../../feed.ts'
import type { Change } from '../../../model/world.ts'
import type { Subject } from '../../select/subject.ts'
import { span } from '../text.ts'
import { fact, type Fact } from './fact.ts'

/** When the selected thing, either end of it, last changed, and how. */
export function changeFact(feed: Feed, subject: Subject): Fact {
  const change = feed.changes.findLast((change) => isAbout(change, subject))
  if (change !== undefined) {
    return {
      label: 'changed',
      spans: [span(clockTime(Date.parse(change.at)), 'changed'), span(` ${change.subject} ${change.says}`)],
    }
  }
  if (feed.status.type === 'replay') return fact('changed', 'not seen in this recording', 'dim')
  return fact(
    'changed',
    feed.since === null ? 'not watched yet' : `never since ${hourMinute(feed.since)}`,
    'dim',
  )
}

function isAbout(change: Change, subject: Subject): boolean {
  if (subject?.kind === 'netns') return change.netns === subject.netns.id
  if (subject?.kind !== 'link') return false
  const { row } = subject
  return (
    (change.netns === row.netns && change.ifindex === row.ifindex) ||
    (change.netns === row.far?.netns && change.ifindex === row.far?.link.ifindex)
  )
}
