/** What `nft -a list ruleset` prints, and what we read, in one form: text, counters and handle of each rule, by chain. */
import type { NfTable } from '../../../src/model/ruleset.ts'

/** nft's own listing: handle, text and counters of each rule, by table and chain. */
export function nftListed(text: string): Readonly<Record<string, readonly string[]>> {
  const chains: Record<string, string[]> = {}
  let [owner, rules]: [string, string[]] = ['', []]
  for (const line of text.split('\n')) {
    const found = /^table (\S+ \S+) /.exec(line)?.[1]
    if (found !== undefined) owner = found
    const chain = /^\tchain (\S+) \{/.exec(line)?.[1]
    if (chain !== undefined) rules = chains[`${owner} ${chain}`] = []
    if (line.startsWith('\t}')) rules = []
    if (/^\t\t.* # handle \d+$/.test(line)) rules.push(line.trim())
  }
  return chains
}

export const nftSpelled = (tables: readonly NfTable[]) =>
  Object.fromEntries(
    tables.flatMap(({ family, name, chains }) =>
      chains.map((chain) => [
        `${family} ${name} ${chain.name}`,
        chain.rules.map(({ text, packets, bytes, handle }) => {
          const counted =
            packets === null ? text : text.replace('counter', `counter packets ${packets} bytes ${bytes}`)
          return `${counted} # handle ${handle}`
        }),
      ]),
    ),
  )
