/** The probes that are drawn: the live ones, or those of when the screen was frozen. */
import { memoRecent } from '../select/memo-recent.ts'
import type { State } from '../state.ts'
import type { ProbeRun } from './probes-state.ts'

/** What was started since is shown as it is: whoever starts it wants to see it. */
const shownWith = memoRecent(
  (frozen: readonly ProbeRun[], live: readonly ProbeRun[]): readonly ProbeRun[] => {
    const last = frozen[0]?.number ?? 0
    return [...live.filter(({ number }) => number > last), ...frozen]
  },
)

export function probesShown({ frozen, probes }: Pick<State, 'frozen' | 'probes'>): readonly ProbeRun[] {
  return frozen === null ? probes.runs : shownWith(frozen.runs, probes.runs)
}
