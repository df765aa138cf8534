/**
 * What the parts of rules mean, each told apart once: thousands of rules of one table say `-p tcp` and `! -i docker0`, and
 * then share the same match.
 */
import type { Match, Statement } from '../../model/ruleset.ts'
import { addMatches } from './iptables-matches.ts'
import { statementOf } from './iptables-targets.ts'
import type { Option, Part, SortedRule } from './rule-options.ts'

export type Meanings = {
  readonly matches: (parts: readonly Part[]) => readonly Match[]
  readonly statements: (target: SortedRule['target']) => readonly Statement[]
}

/** `chains`: those of the table. */
export function meanings(chains: { has(name: string): boolean }): Meanings {
  const byPart = new Map<string, readonly Match[]>()
  const byTarget = new Map<string, readonly Statement[]>()
  const matchesOf = (part: Part): readonly Match[] => {
    const key = `${part.module === null ? '' : `-m ${part.module}`} ${textOf(part.options)}`
    const kept = byPart.get(key)
    if (kept !== undefined) return kept
    const found: Match[] = []
    addMatches(part, found)
    // As long as it is: an array that was pushed to has room for sixteen more.
    const made = found.slice()
    byPart.set(key, made)
    return made
  }
  const all: Match[] = []
  return {
    matches: (parts) => {
      const [only, ...more] = parts
      if (only === undefined) return none
      if (more.length === 0) return only.module === 'comment' ? none : matchesOf(only)
      all.length = 0
      for (const part of parts) if (part.module !== 'comment') all.push(...matchesOf(part))
      return all.slice()
    },
    statements: (target) => {
      if (target === null) return none
      const key = `${target.goto ? '-g' : '-j'} ${target.name} ${textOf(target.options)}`
      const kept = byTarget.get(key)
      if (kept !== undefined) return kept
      const made = [statementOf(target, chains)]
      byTarget.set(key, made)
      return made
    },
  }
}

const none: readonly never[] = []

function textOf(options: readonly Option[]): string {
  const [only] = options
  return options.length === 1 && only !== undefined ? only.text : options.map(({ text }) => text).join(' ')
}
