import type { Gap } from '../model/world.ts'
import { clean } from './clean.ts'
import type { Style } from './style.ts'
import { lineColumns, wrap } from './wrap.ts'

/** So many subjects of one reason are named; --json has them all. */
const named = 5

/**
 * What could not be read, at the end of what could. Without root that is every other namespace for the same reason,
 * which is said once.
 */
export function gapsText(gaps: readonly Gap[], style: Style): readonly string[] {
  if (gaps.length === 0) return []
  const alike = new Map<string, Gap[]>()
  for (const gap of gaps) {
    const key = JSON.stringify([gap.what, gap.reason, gap.hint])
    const group = alike.get(key)
    if (group === undefined) alike.set(key, [gap])
    else group.push(gap)
  }
  return [
    style.paint('yellow', `could not be read (${gaps.length}):`),
    ...[...alike.values()].flatMap((group) => {
      const [{ what, reason, hint } = { what: '', reason: '', hint: null }] = group
      const subjects = group.slice(0, named).map(({ subject }) => clean(subject))
      const more = group.length > named ? ` and ${group.length - named} more` : ''
      const helps = hint === null ? '' : `; ${clean(hint)}`
      return wrap(
        `${clean(what)} of ${subjects.join(', ')}${more}: ${clean(reason)}${helps}`,
        lineColumns - 4,
      ).map((line, at) => `${at === 0 ? '  ' : '    '}${line}`)
    }),
  ]
}
