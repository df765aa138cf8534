import { failed, succeeded } from '../lib/failure.ts'
import type { ChangeResult, JournalChange } from '../model/change-result.ts'
import { changeOptions, refusalToChange, told } from './change-flow.ts'
import { command } from './command.ts'
import type { Result } from './result.ts'

export const cleanup = command({
  name: 'cleanup',
  summary: 'take back what was begun and not ended, because vethscope was killed meanwhile',
  description: ['Nothing to do is no failure. Twice is as good as once.'],
  needs: 'world',
  changes: true,
  arguments: {},
  options: changeOptions,
  run: async (deps, values) => {
    const nothing = cleaned([], null)
    if (deps.source.kind === 'file') {
      const refusal = refusalToChange(deps, values)
      if (refusal !== null) return failed(refusal)
    }
    const changer = await deps.changer()
    const journal = await changer.journal()
    if (!journal.ok) return journal
    const unfinished = journal.value.filter(({ state }) => state === 'unfinished')
    if (unfinished.length === 0) return succeeded(nothing)
    if (values['dry-run']) return succeeded(cleaned([], unfinished.flatMap(scriptOf).join('\n')))
    const refusal = refusalToChange(deps, values)
    if (refusal !== null) return failed(refusal)
    if (!values.yes && !(await deps.person.approves({ kind: 'cleanup', unfinished }))) {
      return succeeded({ ...nothing, answer: 'no' })
    }
    const done = await changer.cleanup(told(deps, values['tell-steps']))
    return done.ok ? succeeded(cleaned(done.value.cleaned, null)) : done
  },
})

function cleaned(
  results: readonly ChangeResult[],
  script: string | null,
): Extract<Result, { kind: 'cleanup' }> {
  const isWhole = results.every(({ left }) => left.length === 0)
  return {
    kind: 'cleanup',
    data: { cleaned: results },
    script,
    answer: isWhole ? 'yes' : 'failed',
    gaps: [],
  }
}

/** What would be run: of the step that was under way only if it was done. */
function scriptOf({ id, title, steps }: JournalChange): readonly string[] {
  const begun = steps.filter(({ outcome }) => outcome !== 'not run')
  return [
    `# change ${id}: ${title}`,
    ...begun.toReversed().flatMap(({ undo }) => ('irreversible' in undo ? [] : undo)),
  ]
}
