/** What each table of the screen knows beside its rows, which are derived. */

export const tableIds = [
  'namespaces',
  'published',
  'listening',
  'connections',
  'networks',
  'members',
  'probes',
  'log',
  'changes',
  'commands',
  'events',
] as const
export type TableId = (typeof tableIds)[number]

export type TableOrder = { readonly column: string; readonly descending: boolean }

/** A row that vanished while it was selected: stays at its place for a moment, marked. */
export type GoneRow = {
  readonly key: string
  readonly label: string
  readonly at: number
  readonly until: number
}

/** Where in which table one is. */
export type TablePlace = {
  /** Key of the selected row; null: none was chosen yet. */
  readonly selected: string | null
  /** Its number, and that of the first visible row. */
  readonly at: number
  readonly top: number
  readonly filter: string
  /** null: as the rows come. */
  readonly order: TableOrder | null
}

export type TableState = TablePlace & {
  /** Ids of the columns that were taken away by hand. */
  readonly hidden: readonly string[]
  readonly marked: ReadonlySet<string>
  readonly focus: 'rows' | 'detail'
  /** Which sheet of the details; '': the first. */
  readonly sheet: string
  /** First visible line of the details. */
  readonly scroll: number
  readonly gone: GoneRow | null
}

export type Tables = Readonly<Record<TableId, TableState>>

const noTable: TableState = {
  selected: null,
  at: 0,
  top: 0,
  filter: '',
  order: null,
  hidden: [],
  marked: new Set(),
  focus: 'rows',
  sheet: '',
  scroll: 0,
  gone: null,
}

export const noTables: Tables = {
  namespaces: noTable,
  published: noTable,
  listening: noTable,
  connections: noTable,
  networks: noTable,
  members: noTable,
  probes: noTable,
  log: noTable,
  changes: noTable,
  commands: noTable,
  events: noTable,
}

export function placeInTable({ selected, at, top, filter, order }: TablePlace): TablePlace {
  return { selected, at, top, filter, order }
}
