/** One new name for each old one, everywhere the same: `container1`, `host1`, `word12`. */
import type { NameKind, TextKind } from './decisions.ts'

export type PseudonymKind = NameKind | TextKind | 'secret'

export type Pseudonyms = {
  /** Told before anything is replaced, so that no new name is also an old one and the best kind wins. */
  readonly expect: (name: string, kind: PseudonymKind) => void
  readonly isExpected: (name: string) => boolean
  readonly of: (name: string, kind: PseudonymKind) => string
  /** How many were given, by kind. */
  readonly counts: () => ReadonlyMap<PseudonymKind, number>
}

export function pseudonyms(): Pseudonyms {
  const kinds = new Map<string, PseudonymKind>()
  const given = new Map<string, string>()
  const numbers = new Map<PseudonymKind, number>()
  const counts = new Map<PseudonymKind, number>()
  return {
    expect: (name, kind) => {
      if (!kinds.has(name)) kinds.set(name, kind)
    },
    isExpected: (name) => kinds.has(name),
    of: (name, fallback) => {
      const known = given.get(name)
      if (known !== undefined) return known
      const kind = kinds.get(name) ?? fallback
      let number = numbers.get(kind) ?? 0
      let chosen: string
      do {
        number++
        chosen = `${kind}${number}`
      } while (kinds.has(chosen))
      numbers.set(kind, number)
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
      given.set(name, chosen)
      return chosen
    },
    counts: () => counts,
  }
}
