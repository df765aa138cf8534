/** What `nft -j list ruleset` prints, of all families; tables in the order of the listing. */
import { inOneGo, inPieces, type Pieces } from '../../lib/in-pieces.ts'
import { failed, succeeded, type Outcome } from '../../lib/failure.ts'
import type { NfFamily, NfTable } from '../../model/ruleset.ts'
import { openChain, type OpenChain } from './open-chain.ts'
import { isObject, numberIn, stringIn, stringsIn, type Json } from './nft-json.ts'
import { nftEntries } from './nft-entries.ts'
import { ruleOfNft } from './nft-rule.ts'
import { setOfNft } from './nft-set.ts'

const families: readonly NfFamily[] = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev']

type OpenTable = Omit<NfTable, 'chains' | 'sets' | 'flowtables'> & {
  readonly chains: Map<string, OpenChain>
  readonly sets: NfTable['sets'][number][]
  readonly flowtables: NfTable['flowtables'][number][]
}

type Wanted = (family: NfFamily, name: string) => boolean

/** `wanted` leaves out tables before their rules are looked at. */
export function parseNftJson(text: string, wanted: Wanted = () => true): Outcome<readonly NfTable[]> {
  return inOneGo(parsing(text, wanted))
}

/** The same beside everything else that the thread has to do. */
export async function parseNftInTurns(text: string, wanted: Wanted): Promise<Outcome<readonly NfTable[]>> {
  const parsed = await inPieces(parsing(text, wanted), () => true)
  return parsed?.value ?? noJson()
}

/** Entries between two looks at the clock. */
const atOnce = 50

function* parsing(text: string, wanted: Wanted): Pieces<Outcome<readonly NfTable[]>> {
  const tables = new Map<string, OpenTable>()
  const entries = nftEntries(text)
  for (let count = 1; ; count++) {
    const { value: entry, done } = entries.next()
    if (done === true) {
      if (entry === null) return noJson()
      return succeeded(
        [...tables.values()].map((table) => ({ ...table, chains: [...table.chains.values()] })),
      )
    }
    const [kind = ''] = Object.keys(entry)
    const object = entry[kind]
    if (isObject(object)) add(kind, object, tables, wanted)
    if (count % atOnce === 0) yield
  }
}

function noJson(): Outcome<never> {
  return failed({ kind: 'refused', what: '`nft -j` printed something that is no JSON' })
}

function add(kind: string, object: Json, tables: Map<string, OpenTable>, wanted: Wanted): void {
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
