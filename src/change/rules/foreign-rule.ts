/** A marked rule in somebody else's chain, because nothing else would help and the user asked for it. */
import { sanitise } from '../../lib/sanitise.ts'
import { labMark } from '../../model/lab-words.ts'
import type { Fact, Step } from '../../model/plan.ts'
import type { Firewall, NfTable } from '../../model/ruleset.ts'
import type { Spot } from '../at.ts'
import { matchesOf, type Accept } from './accept.ts'
import type { Drop } from './drops.ts'
import type { Bridged, RuleFamily } from './reach.ts'

export function foreignRule(
  spot: Spot,
  { table, chain }: Pick<Drop, 'table' | 'chain'>,
  accept: Accept,
  family: RuleFamily,
): Step | null {
  const matches = matchesOf(accept.comment, accept.network.bridge, family)
  if (matches === null) return null
  // In an inet table a rule without addresses is one of both families, and the same for both.
  const where = { family: table.family, table: table.name, chain: chain.name }
  return {
    title: `accept ${accept.what} (nft, chain ${sanitise(chain.name)} of table ${table.family} ${sanitise(table.name)})`,
    command: spot.inside(['nft', '-f', '-'], {
      input: `insert rule ${table.family} ${table.name} ${chain.name} ${matches.nft} accept comment "${accept.comment}"\n`,
    }),
    undo: [
      spot.inside(['nft', 'delete', 'rule', where.family, where.table, where.chain, 'handle', 'HANDLE'], {
        handleOf: { ...where, comment: accept.comment },
      }),
    ],
    after: [fact(spot, table, chain.name, accept.comment, true)],
    before: [fact(spot, table, chain.name, accept.comment, false)],
    touches: [
      {
        path: [spot.at, `nft:${table.family} ${table.name}`, `chain:${chain.name}`, `rule:${accept.comment}`],
        how: 'add',
      },
    ],
  }
}

/** `isGone`: of which comments. Their handles are known: they were read. */
export function foreignRulesGone(
  spot: Spot,
  { tables }: Firewall,
  network: Bridged,
  isGone: (comment: string | null) => comment is string,
): readonly Step[] {
  return tables
    .filter(({ backend, name }) => backend === 'nft' && name !== labMark)
    .flatMap((table) =>
      table.chains.flatMap((chain) =>
        chain.rules.flatMap(({ comment, handle }): readonly Step[] => {
          const family = table.family === 'ip6' || /[0-9a-f]*:[0-9a-f:]+>/.test(comment ?? '') ? 'ip6' : 'ip'
          const matches = isGone(comment) ? matchesOf(comment, network.bridge, family) : null
          if (comment === null || matches === null || handle === null) return []
          return [
            {
              title: `take the accept ${comment} out of chain ${sanitise(chain.name)} of table ${table.family} ${sanitise(table.name)}`,
              command: spot.inside([
                'nft',
                'delete',
                'rule',
                table.family,
                table.name,
                chain.name,
                'handle',
                String(handle),
              ]),
              undo: [
                spot.inside(['nft', '-f', '-'], {
                  input: `insert rule ${table.family} ${table.name} ${chain.name} ${matches.nft} accept comment "${comment}"\n`,
                }),
              ],
              after: [fact(spot, table, chain.name, comment, false)],
              before: [fact(spot, table, chain.name, comment, true)],
              touches: [
                {
                  path: [
                    spot.at,
                    `nft:${table.family} ${table.name}`,
                    `chain:${chain.name}`,
                    `rule:${comment}`,
                  ],
                  how: 'delete',
                },
              ],
            },
          ]
        }),
      ),
    )
}

function fact(spot: Spot, { family, name }: NfTable, chain: string, comment: string, there: boolean): Fact {
  const factFamily = family === 'ip' || family === 'ip6' ? family : 'inet'
  return { kind: 'rule', at: spot.at, backend: 'nft', family: factFamily, table: name, chain, comment, there }
}
