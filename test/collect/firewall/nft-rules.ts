/** Tables and rules as `nft -j` prints them, by hand. */
import { parseNftJson } from '../../../src/collect/firewall/parse-nft-json.ts'
import type { NfFamily, NfTable, Rule } from '../../../src/model/ruleset.ts'

export function tables(...entries: readonly unknown[]): readonly NfTable[] {
  const parsed = parseNftJson(JSON.stringify({ nftables: [{ metainfo: { version: '1.0.6' } }, ...entries] }))
  if (!parsed.ok) throw new Error(parsed.failure.what)
  return parsed.value
}

export function rule(expr: readonly unknown[], family: NfFamily = 'ip', more: object = {}): Rule {
  const found = tables({ rule: { family, table: 't', chain: 'c', handle: 4, expr, ...more } })[0]?.chains[0]
    ?.rules[0]
  if (found === undefined) throw new Error('no rule')
  return found
}

export const match = (left: unknown, right: unknown, op = '==') => ({ match: { op, left, right } })
export const payload = (protocol: string, field: string) => ({ payload: { protocol, field } })
export const meta = (key: string) => ({ meta: { key } })
export const ct = (key: string) => ({ ct: { key } })
