/** What engines answered to the commands of a step: kept for whoever is told of it, and as it stands in the journal. */
import type { Ran } from './ask-engine.ts'
import type { Making } from './making.ts'

/** Empty: they said nothing. */
export function saidBy(
  { said }: Pick<Making, 'said'>,
  step: number,
  results: readonly Ran[],
): { readonly says?: string } {
  const says = results.flatMap((each) => each.says ?? []).join('; ')
  if (says === '') return {}
  said.set(step, says)
  return { says }
}
