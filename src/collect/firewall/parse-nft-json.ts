/** What `nft -j list ruleset` prints, of all families; tables in the order of the listing. */
import { failed, succeeded, type Outcome } from '../../lib/failure.ts'
import type { NfFamily, NfTable } from '../../model/ruleset.ts'
import { openChain, type OpenChain } from './open-chain.ts'
import { isObject, numberIn, stringIn, stringsIn, type Json } from './nft-json.ts'
import { ruleOfNft } from './nft-rule.ts'
import { setOfNft } from './nft-set.ts'

const families: readonly NfFamily[] = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev']

type OpenTable = Omit<NfTable, 'chains' | 'sets' | 'flowtables'> & {
  readonly chains: Map<string, OpenChain>
  readonly sets: NfTable['sets'][number][]
  readonly flowtables: NfTable['flowtables'][number][]
}

/** `wanted` leaves out tables before their rules are looked at. */
export function parseNftJson(
  text: string,
  wanted: (family: NfFamily, name: string) => boolean = () => true,
): Outcome<readonly NfTable[]> {
  const entries = entriesIn(text)
  if (entries === null) return failed({ kind: 'refused', what: '`nft -j` printed something that is no JSON' })
  const tables = new Map<string, OpenTable>()
  for (const entry of entries) {
    const [kind = ''] = Object.keys(entry)
    const object = entry[kind]
    if (isObject(object)) add(kind, object, tables, wanted)
  }
  return succeeded([...tables.values()].map((table) => ({ ...table, chains: [...table.chains.values()] })))
}

function entriesIn(text: string): readonly Json[] | null {
  try {
    const whole: unknown = JSON.parse(text)
    return isObject(whole) && Array.isArray(whole['nftables']) ? whole['nftables'].filter(isObject) : null
  } catch {
    return null
  }
}

function add(
  kind: string,
  object: Json,
  tables: Map<string, OpenTable>,
  wanted: (family: NfFamily, name: string) => boolean,
): void {
  const family = families.find((each) => each === object['family'])
  const name = stringIn(object, kind === 'table' ? 'name' : 'table')
  // nft has no other families than these; metainfo has none.
  if (family === undefined || name === null || !wanted(family, name)) return
  const table = tableCalled(tables, family, name)
  if (kind === 'table') {
    tables.set(`${family} ${name}`, {
      ...table,
      handle: numberIn(object, 'handle'),
      flags: stringsIn(object, 'flags'),
    })
  } else if (kind === 'chain') addChain(table, object)
  else if (kind === 'rule') {
    const { rules } = chainCalled(table, stringIn(object, 'chain') ?? '')
    rules.push(ruleOfNft(object, rules.length + 1, family))
  } else if (kind === 'set' || kind === 'map') table.sets.push(setOfNft(kind, object))
  else if (kind === 'flowtable') {
    table.flowtables.push({
      name: stringIn(object, 'name') ?? '',
      hook: stringIn(object, 'hook') ?? '',
      priority: numberIn(object, 'prio') ?? 0,
      devices: stringsIn(object, 'dev'),
    })
  }
}

function tableCalled(tables: Map<string, OpenTable>, family: NfFamily, name: string): OpenTable {
  const key = `${family} ${name}`
  const known = tables.get(key)
  if (known !== undefined) return known
  const made: OpenTable = {
    backend: 'nft',
    family,
    name,
    handle: null,
    flags: [],
    chains: new Map(),
    sets: [],
    flowtables: [],
  }
  tables.set(key, made)
  return made
}

function addChain(table: OpenTable, object: Json): void {
  const name = stringIn(object, 'name') ?? ''
  table.chains.set(name, {
    ...chainCalled(table, name),
    handle: numberIn(object, 'handle'),
    type: stringIn(object, 'type'),
    hook: stringIn(object, 'hook'),
    priority: numberIn(object, 'prio'),
    devices: stringsIn(object, 'dev'),
    policy: stringIn(object, 'policy'),
  })
}

/** nft lists chains before their rules, but it costs nothing not to rely on it. */
function chainCalled(table: OpenTable, name: string): OpenChain {
  const known = table.chains.get(name)
  if (known !== undefined) return known
  const made = openChain(name)
  table.chains.set(name, made)
  return made
}
