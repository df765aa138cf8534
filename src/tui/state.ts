/**
 * All that the screen knows, as one immutable value. Only `update` makes a new one; `view` and the selectors
 * only read. What follows from it (rows, names, rates) is derived where it is needed and kept by object identity.
 */
import type { NetnsId } from '../model/ids.ts'
import type { World } from '../model/world.ts'
import { noChanges, type ChangesState } from './changing/change-state.ts'
import type { ChangeForm, ChangeMenu, ChangeShown } from './changing/change-modes.ts'
import type { CommandInfo } from './commands.ts'
import { emptyFeed, type Feed } from './feed.ts'
import type { Size } from './frame.ts'
import type { UserKeys } from './keymap.ts'
import { noLooks, type NamespacesState } from './namespaces-state.ts'
import { noProbes, type ProbesState } from './probes/probes-state.ts'
import { noRules, type RulesPlace, type RulesState } from './rules-state.ts'
import { noShells, type ShellsState } from './shell/shells-state.ts'
import type { ScreenId, TableScreenId } from './screens.ts'
import type { ChartUnit } from './select/chart.ts'
import type { FormKind } from './select/probe-kinds.ts'
import { noTables, type TableId, type TablePlace, type Tables } from './table/table-state.ts'

export type Options = {
  readonly mode: 'live' | 'replay'
  readonly readonly: boolean
  /** replay: the file's name, as it is shown. */
  readonly file?: string | undefined
  /** Stands on the screen all the time: whose host this is, where it is not this one. */
  readonly banner?: string | undefined
  /** replay: what the file holds. */
  readonly world?: World | undefined
  /** Draw lines with ASCII only. */
  readonly ascii?: boolean | undefined
  readonly size?: Size | undefined
  /** Those that can be used, with their titles; absent: only the one that is shown. */
  readonly themes?: readonly { readonly name: string; readonly title: string }[] | undefined
  /** The one that is shown first. */
  readonly theme?: string | undefined
  readonly mouse?: boolean | undefined
  /** Shells can be opened inside namespaces. */
  readonly shells?: boolean | undefined
  /** Of the config file. */
  readonly keys?: UserKeys | undefined
  /** What `:` knows beside the actions; absent: nothing can be run. */
  readonly commands?: readonly CommandInfo[] | undefined
  /** Milliseconds since the epoch. */
  readonly now?: number | undefined
}

/** A line of text being typed; `cursor` counts characters (code points) before it. */
export type Input = { readonly text: string; readonly cursor: number }

export type Mode =
  | { readonly type: 'browse' }
  /** `before`: what of the state Esc brings back. */
  | { readonly type: 'filter'; readonly input: Input; readonly before: Filtered }
  /** `cursor`: which of the results Enter jumps to. */
  | { readonly type: 'find'; readonly input: Input; readonly cursor: number }
  | { readonly type: 'help'; readonly scroll: number }
  /** Which way a packet takes out of that namespace. `recalled`: how many questions back the text is; 0: a new one. */
  | {
      readonly type: 'route'
      readonly netns: NetnsId
      readonly input: Input
      readonly scroll: number
      readonly recalled: number
    }
  /** Only what holds the words is told. */
  | { readonly type: 'help-search'; readonly input: Input }
  /** All that can be done with the selected thing, and on this screen. */
  | { readonly type: 'menu'; readonly cursor: number; readonly scroll: number }
  /**
   * `:`. `cursor`: which completion was taken, null: none; `typed`: the input before that. `recalled`: how far back in
   * the history one is; null: not.
   */
  | {
      readonly type: 'command'
      readonly input: Input
      readonly typed: Input
      readonly cursor: number | null
      readonly recalled: number | null
    }
  /** `before`: the theme that Esc brings back. */
  | { readonly type: 'themes'; readonly cursor: number; readonly scroll: number; readonly before: string }
  /** Which columns a table has, and what orders it. */
  | { readonly type: 'columns'; readonly cursor: number; readonly scroll: number }
  /** Keys are the shell's that the pane shows. */
  | { readonly type: 'shell' }
  /** They were: the pane's own keys work, and any other is the screen's. */
  | { readonly type: 'shell-left' }
  /** What of the selected thing can be copied. */
  | { readonly type: 'copy'; readonly cursor: number; readonly scroll: number }
  /** What a command line printed. */
  | { readonly type: 'output'; readonly scroll: number }
  /** A probe as it is asked for. `netns`: where it starts; `cursor`: which of the offered lines Enter takes. */
  | {
      readonly type: 'probe-form'
      readonly kind: FormKind
      readonly netns: NetnsId
      /** Where else it could start. */
      readonly sources: readonly NetnsId[]
      readonly input: Input
      readonly cursor: number
    }
  /** A probe beside the one before. */
  | { readonly type: 'compare'; readonly scroll: number }
  | ChangeMenu
  | ChangeForm
  | ChangeShown
  /** Whether what runs is to end with the program. */
  | { readonly type: 'quit' }
  /** What is wrong, what could not be read, and why. `cursor`: which finding Enter jumps to. */
  | { readonly type: 'gaps'; readonly scroll: number; readonly cursor: number }

/** What a filter that is typed changes. */
export type Filtered = Partial<Pick<State, 'topology' | 'rules' | 'tables'>>

/** A row of the tree, and which end of the pair that stands on it. */
export type Selection = { readonly row: string; readonly end: 'near' | 'far' }
export type Place =
  | { readonly screen: 'topology'; readonly selection: Selection }
  | { readonly screen: 'rules'; readonly place: RulesPlace }
  | {
      readonly screen: TableScreenId
      readonly table: TableId
      readonly place: TablePlace
      /** Whose connections. */
      readonly netns?: NetnsId
    }

/** Of the Topology screen. */
export const panes = ['tree', 'detail', 'path', 'changes'] as const
export type PaneId = (typeof panes)[number]

/** A row that vanished while it was selected: stays at its place for a moment, marked. */
export type Ghost = {
  readonly row: string
  readonly label: string
  readonly depth: number
  /** Where it stood among the visible rows. */
  readonly index: number
  readonly until: number
}

export type TopologyState = {
  /** null: nothing to select yet. */
  readonly selection: Selection | null
  /** First visible row. */
  readonly top: number
  /** Ids of rows whose children are folded away. */
  readonly folds: ReadonlySet<string>
  readonly filter: string
  readonly ghost: Ghost | null
  readonly marked: ReadonlySet<string>
  /** What the traffic chart counts. */
  readonly unit: ChartUnit
  readonly focus: PaneId
  /** First visible line of the panes beside the tree; for `changes` the chosen one, newest = 0. */
  readonly scroll: Readonly<Record<Exclude<PaneId, 'tree'>, number>>
}

/** A command line that runs, or ran. */
export type Run = {
  readonly id: number
  readonly line: string
  readonly began: number
  /** null: it still runs. `problem`: why it has no exit code. */
  readonly ended: {
    readonly exitCode: number | null
    readonly problem: string | null
    readonly lines: readonly string[]
    readonly tookMs: number
  } | null
}

/** A snapshot on its way to its file; `total` 0: nothing was counted yet. */
export type Saving = { readonly file: string; readonly done: number; readonly total: number }

export type Message = { readonly text: string; readonly kind: 'note' | 'done' | 'refused' | 'error' }

/** Places that the last find led to, for `n` and `N`. */
export type Search = { readonly text: string; readonly places: readonly Selection[] }

/** What was asked of the runtime, so that it is asked only once. */
export type Asked = {
  /** The needs last declared, as text. */
  readonly needs: string
  readonly generation: number
  /** Since which generation answers are about the same rows of the same rules. */
  readonly rules: { readonly what: string; readonly since: number }
  /** When the next `clock` comes; null: none was asked for. */
  readonly wakeAt: number | null
  readonly snapshots: number
  readonly runs: number
}

export type State = {
  readonly options: Options
  readonly size: Size
  /** As far as the last message told. */
  readonly now: number
  readonly screen: ScreenId
  readonly mode: Mode
  readonly theme: string
  readonly mouse: boolean
  /** What comes in, also while the screen is frozen. */
  readonly feed: Feed
  /** The picture that is shown instead of it. */
  readonly frozen: { readonly feed: Feed; readonly runs: ProbesState['runs']; readonly at: number } | null
  readonly topology: TopologyState
  readonly rules: RulesState
  readonly tables: Tables
  readonly namespaces: NamespacesState
  /** Which of its tables each screen shows. */
  readonly pages: Readonly<Record<TableScreenId, TableId>>
  /**
   * Whose connections are shown, where that was chosen by hand. It holds as long as what is selected on Topology is in
   * the namespace `beside`.
   */
  readonly connectionsOf: { readonly netns: NetnsId; readonly beside: NetnsId | null } | null
  readonly history: { readonly back: readonly Place[]; readonly forward: readonly Place[] }
  readonly search: Search | null
  /** What was asked of routes, oldest first. */
  readonly routes: readonly string[]
  /** Which finding `n` went to last; null: none yet. */
  readonly finding: number | null
  readonly message: Message | null
  /** Lines that were run by `:`, oldest first. */
  readonly commandLines: readonly string[]
  /** The last of them, and what it came to. */
  readonly run: Run | null
  readonly probes: ProbesState
  readonly shells: ShellsState
  readonly changes: ChangesState
  /** A snapshot on its way to its file. */
  readonly saving: Saving | null
  readonly asked: Asked
}

/** The screen before its first message; in a replay it is complete at once. */
export function initialState(options: Options): State {
  const world = options.world ?? null
  const now = options.now ?? (world === null ? 0 : Date.parse(world.at))
  return {
    options,
    size: options.size ?? { columns: 80, rows: 24 },
    now,
    screen: 'topology',
    mode: { type: 'browse' },
    theme: options.theme ?? '',
    mouse: options.mouse ?? false,
    feed: emptyFeed(world, now),
    frozen: null,
    topology: {
      selection: null,
      top: 0,
      folds: new Set(),
      filter: '',
      ghost: null,
      marked: new Set(),
      unit: 'bits',
      focus: 'tree',
      scroll: { detail: 0, path: 0, changes: 0 },
    },
    rules: noRules,
    tables: noTables,
    namespaces: noLooks,
    pages: {
      namespaces: 'namespaces',
      ports: 'published',
      networks: 'networks',
      probes: 'probes',
      log: 'log',
    },
    connectionsOf: null,
    history: { back: [], forward: [] },
    search: null,
    routes: [],
    finding: null,
    message: null,
    commandLines: [],
    run: null,
    probes: noProbes,
    shells: noShells,
    changes: noChanges,
    saving: null,
    asked: { needs: '[]', generation: 0, rules: { what: '', since: 0 }, wakeAt: null, snapshots: 0, runs: 0 },
  }
}
