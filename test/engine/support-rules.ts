/** What iptables-save says, thing by thing: so that two engines agree that took up their networks and containers in another order. */

/** Chain, bridge and address of a container → the rules that name them, in their order; and what names none, with where in its chain it stands. */
export function byThing(lines: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const things: Record<string, string[]> = {}
  const add = (key: string, line: string) => (things[key] ??= []).push(line)
  let table = ''
  const chains = new Map<string, string[]>()
  for (const line of lines) {
    if (line.startsWith('*')) table = line
    const [, chain, rule] = /^-A (\S+) (.*)$/.exec(line) ?? []
    if (chain === undefined || rule === undefined) continue
    const key = `${table} ${chain}`
    chains.set(key, [...(chains.get(key) ?? []), rule])
  }
  for (const [key, rules] of chains) {
    for (const [at, rule] of rules.entries()) {
      const bridge = /-[io] (\S+)/.exec(rule)?.[1]
      const container = /(?:^-d |--to-destination |-s \S+ -d )([0-9a-f.]+)/.exec(rule)?.[1]
      const where = at < rules.length / 2 ? 'first' : 'last'
      add(`${key} ${[bridge, container].filter((each) => each !== undefined).join(' ') || where}`, rule)
    }
  }
  return things
}
