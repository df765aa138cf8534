const kept = 4

/** Of every memo: lets go of what was not asked for since the last time this was done. */
const sweeps = new Set<() => void>()

/**
 * Remembers the latest answers of a pure function: asked again with the same arguments (by identity), it gives the
 * same object. More than one, because `update` looks at the state before and at the one after.
 */
export function memoRecent<A extends readonly unknown[], R>(compute: (...args: A) => R): (...args: A) => R {
  type Answer = { readonly args: A; readonly result: R; isUsed: boolean }
  let answers: Answer[] = []
  sweeps.add(() => {
    if (answers.length === 0) return
    answers = answers.filter(({ isUsed }) => isUsed)
    for (const answer of answers) answer.isUsed = false
  })
  return (...args) => {
    const known = answers.find((answer) => args.every((arg, at) => arg === answer.args[at]))
    if (known !== undefined) {
      known.isUsed = true
      return known.result
    }
    const result = compute(...args)
    answers = [{ args, result, isUsed: true }, ...answers].slice(0, kept)
    return result
  }
}

/**
 * What a screen that nobody looks at any more was made of is a World of then: dozens of such answers together would hold
 * dozens of Worlds. Done now and then (session.ts).
 */
export function forgetUnused(): void {
  for (const sweep of sweeps) sweep()
}
