/** Rules in an engine's own chains that it would not write: left behind, somebody else's, or of a version that is not known. */
import type { EngineChain } from '../../derive/engine-rules/engine-rules.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Firewall } from '../../model/ruleset.ts'
import type { IptablesBackend } from './backend-of.ts'

/** A sentence a chain. */
export function strangeRules(
  { tables }: Firewall,
  chains: readonly EngineChain[],
  backend: IptablesBackend,
  title: string,
): readonly string[] {
  return chains
    .filter(({ isOwn, name }) => isOwn && name !== 'DOCKER-USER')
    .flatMap(({ family, table, name, rules }) => {
      const there = tables
        .find((each) => each.backend === backend && each.family === family && each.name === table)
        ?.chains.find((each) => each.name === name)
      const known = new Set(rules.map(({ text }) => text))
      const [first, ...more] = there?.rules.filter(({ text }) => !known.has(text)) ?? []
      if (first === undefined) return []
      const others = more.length === 0 ? '' : ` and ${more.length} more`
      return [
        `chain ${name} of table ${family} ${table} has what ${title} would not write, and keeps it: ${sanitise(first.text)}${others}`,
      ]
    })
}
