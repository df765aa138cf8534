/** The handle of a native nft rule, which is known only once the rule is there. */
import { run } from '../../lib/run.ts'
import type { Command } from '../../model/plan.ts'

type Wanted = NonNullable<Command['handleOf']>

/** argv with the handle in its place; null: no such rule is there, so nothing has to be deleted. */
export async function withHandle(argv: readonly string[], wanted: Wanted): Promise<readonly string[] | null> {
  const before = argv.slice(0, argv.indexOf('nft'))
  const { family, table, chain, comment } = wanted
  const listed = await run([...before, 'nft', '-j', 'list', 'chain', family, table, chain], {
    timeoutMs: 10_000,
  })
  const handle = listed.exitCode === 0 ? handleIn(listed.stdout, comment) : null
  return handle === null ? null : argv.map((word) => (word === 'HANDLE' ? String(handle) : word))
}

function handleIn(json: string, comment: string): number | null {
  const { nftables = [] } = JSON.parse(json) as {
    readonly nftables?: readonly { readonly rule?: { readonly comment?: string; readonly handle?: number } }[]
  }
  return nftables.find(({ rule }) => rule?.comment === comment)?.rule?.handle ?? null
}
