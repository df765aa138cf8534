/** Words of changes that several commands read alike. */
import { failed, succeeded, type Outcome } from '../lib/failure.ts'

/** A whole number as people write it. */
export function numberOf(text: string): number | null {
  return /^\d{1,10}$/.test(text) ? Number(text) : null
}

/** `K=V`, several; the value may hold `=` itself. Without `=` it is empty, as Docker has it for labels. */
export function pairsOf(option: string, texts: readonly string[]): Outcome<Readonly<Record<string, string>>> {
  const pairs: [string, string][] = []
  for (const text of texts) {
    const at = text.indexOf('=')
    const [key, value] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
    if (key === '') return failed({ kind: 'usage', what: `--${option} "${text}": KEY=VALUE is needed` })
    if (pairs.some(([each]) => each === key))
      return failed({ kind: 'usage', what: `--${option} ${key} is given more than once` })
    pairs.push([key, value])
  }
  return succeeded(Object.fromEntries(pairs))
}

/** Choices of options that are `true` or `false`. */
export const trueOrFalse = ['true', 'false'] as const

/** What an option of `true` or `false` means, with what it means where it is not given. */
export function isTrue(choice: 'true' | 'false' | undefined, otherwise: boolean): boolean {
  return choice === undefined ? otherwise : choice === 'true'
}
