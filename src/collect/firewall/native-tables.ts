/** Tables as `nft -j` prints them. */
import type { NfFamily, NfTable } from '../../model/ruleset.ts'
import { parseNftInTurns } from './parse-nft-json.ts'
import type { TableName } from './probe.ts'
import { runTool, type ToolContext, type ToolFailure } from './run-tool.ts'

export type Native = { readonly tables: readonly NfTable[]; readonly failure: ToolFailure | null }

/** More than these, and one listing of everything is cheaper. */
const mostAlone = 4

/**
 * `others`: how many rules stand in tables that are not wanted. nft takes 50 µs for each, so where there are many, the
 * wanted ones are listed one by one.
 */
export async function readNative(
  wanted: readonly TableName[],
  others: number,
  context: ToolContext,
): Promise<Native> {
  const isWanted = (family: NfFamily, name: string) =>
    wanted.some((each) => each.family === family && each.name === name)
  if (others < manyRules || wanted.length > mostAlone) {
    return list(['-j', 'list', 'ruleset'], isWanted, context)
  }
  const each = await Promise.all(wanted.map((table) => list(['-j', listing(table)], isWanted, context)))
  const failure = each.find((one) => one.failure !== null)?.failure ?? null
  return { tables: each.flatMap(({ tables }) => tables), failure }
}

const manyRules = 1000

/**
 * nft reads its arguments as commands, and `a; flush ruleset` is a name that the kernel takes. In JSON it is a name.
 * Not through standard input: nft opens /dev/stdin, which fails with the sockets that Node gives to its children.
 */
function listing({ family, name }: TableName): string {
  return JSON.stringify({ nftables: [{ list: { table: { family, name } } }] })
}

async function list(
  words: readonly string[],
  isWanted: (family: NfFamily, name: string) => boolean,
  context: ToolContext,
): Promise<Native> {
  const { stdout, failure } = await runTool(
    { names: ['nft'], package: 'nftables', arguments: words },
    context,
  )
  if (failure !== null) return { tables: [], failure }
  const parsed = await parseNftInTurns(stdout, isWanted)
  if (parsed.ok) return { tables: parsed.value, failure: null }
  return { tables: [], failure: { unknown: parsed.failure.what, hint: parsed.failure.hint ?? null } }
}
