/** Where rules that are gone stood: an engine's own order, laid over what is there now. */
import type { EngineRule } from '../../derive/engine-rules/engine-rules.ts'

export type Placed = {
  readonly text: string
  /** From 1, in the chain as it is once all before it are there; null: at its end. */
  readonly number: number | null
}

/**
 * Rules of `wanted` that `there` lacks, in the order in which they are to be inserted. What the engine puts at the head stands beside
 * others that it put there, what it appends beside others that it appended; where none of them is left, at the head or at the end.
 */
export function merged(there: readonly string[], wanted: readonly EngineRule[]): readonly Placed[] {
  const chain: { readonly text: string; readonly put: EngineRule['put'] | null }[] = there.map((text) => ({
    text,
    put: wanted.find((each) => each.text === text)?.put ?? null,
  }))
  const made = new Set<string>()
  for (const [at, { text, put }] of wanted.entries()) {
    if (chain.some((each) => each.text === text)) continue
    const among = (rule: EngineRule): boolean => rule.put === put
    const earlier = wanted.slice(0, at).filter(among).at(-1)
    const later = wanted.slice(at + 1).filter(among)
    const after = earlier === undefined ? -1 : chain.findIndex((each) => each.text === earlier.text)
    const before = chain.findIndex((each) => later.some((rule) => rule.text === each.text))
    const place = after >= 0 ? after + 1 : before >= 0 ? before : put === 'head' ? 0 : chain.length
    chain.splice(place, 0, { text, put })
    made.add(text)
  }
  // What stands after the last one that is there already needs no number.
  const tail = chain.findLastIndex(({ text }) => !made.has(text))
  return chain.flatMap(({ text }, at) =>
    made.has(text) ? [{ text, number: at > tail ? null : at + 1 }] : [],
  )
}
