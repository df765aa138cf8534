import { isUnknown, listOf } from '../../model/known.ts'
import { shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import type { TableId } from '../table/table-state.ts'

/** Why there is no row: still being read, filtered away, no engine told, really none. */
export function nothingOfEngines(state: State, table: TableId, what: string): string {
  const { world } = shown(state)
  if (world === null) return 'reading the engines of this host …'
  const { filter } = state.tables[table]
  if (filter !== '') return `no ${what} fits ${filter}`
  if (isUnknown(world.engines)) return `engines could not be asked: ${world.engines.unknown}`
  const silent = listOf(world.engines).find(({ networks }) => isUnknown(networks))
  if (silent !== undefined && isUnknown(silent.networks))
    return `${silent.engine} did not tell its networks: ${silent.networks.unknown}`
  return `no engine of this host has a ${what}`
}
