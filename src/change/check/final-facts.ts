/** What is true once all steps of a plan ran: a later step may change what an earlier one made. */
import type { Fact, LinkFacts, Step } from '../../model/plan.ts'

/** The `after` of each step, without what a later one overtook, and without what was on a link or in a namespace that a later one took away. */
export function finalFacts(steps: readonly Pick<Step, 'after'>[]): readonly Fact[] {
  const facts = new Map<string, Fact>()
  for (const fact of steps.flatMap(({ after }) => after)) {
    if ('there' in fact && !fact.there) for (const key of goneWith(fact, facts)) facts.delete(key)
    const key = factKey(fact)
    const whole = merged(facts.get(key), fact)
    // Told last, it stands last.
    facts.delete(key)
    facts.set(key, whole)
  }
  return [...facts.values()]
}

/** The same for two facts that are about one thing. */
export function factKey(fact: Fact): string {
  return JSON.stringify(keyParts(fact))
}

function keyParts(fact: Fact): readonly (string | number | null)[] {
  const { kind } = fact
  switch (fact.kind) {
    case 'netns':
      return [kind, fact.name]
    case 'link':
    case 'sysctl':
      return [kind, fact.at, fact.name]
    case 'address':
      return [kind, fact.at, fact.link, fact.address]
    case 'route':
      return [kind, fact.at, fact.destination, fact.table, fact.via, fact.link, fact.metric]
    case 'neighbour':
      return [kind, fact.at, fact.link, fact.address]
    case 'fdb':
      return [kind, fact.at, fact.link, fact.lladdr, fact.dst]
    case 'rule':
      return [kind, fact.at, fact.backend, fact.family, fact.table, fact.chain, fact.comment]
    case 'nft-table':
      return [kind, fact.at, fact.family, fact.name]
    case 'engine-network':
      return [kind, fact.socket, fact.name]
    case 'engine-endpoint':
      return [kind, fact.socket, fact.network, fact.container]
    case 'chain-rules':
      return [kind, fact.at, fact.backend, fact.family, fact.table, fact.chain, ...fact.lines]
    default:
      return ['path', fact.path]
  }
}

/** What one step said of a link stays true where a later one tells of other things of it. */
function merged(old: Fact | undefined, fact: Fact): Fact {
  if (old?.kind !== 'link' || fact.kind !== 'link' || !old.there || !fact.there) return fact
  const is: LinkFacts = { ...old.is, ...fact.is }
  return { ...fact, is }
}

function goneWith(gone: Fact, facts: ReadonlyMap<string, Fact>): readonly string[] {
  const isGone = (fact: Fact): boolean => {
    if (gone.kind === 'engine-network')
      return fact.kind === 'engine-endpoint' && fact.socket === gone.socket && fact.network === gone.name
    if (gone.kind === 'netns') return 'at' in fact && fact.at === `/run/netns/${gone.name}`
    if (gone.kind !== 'link' || !('at' in fact) || fact.at !== gone.at) return false
    if ('link' in fact) return fact.link === gone.name
    return fact.kind === 'sysctl' && fact.name.includes(`.conf.${gone.name}.`)
  }
  return [...facts].filter(([, fact]) => isGone(fact)).map(([key]) => key)
}
