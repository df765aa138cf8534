/**
 * All that changes a host goes through here: plan → journal → steps → read again and compare; and the way back. Nothing is
 * changed by planning.
 */
import { failed, succeeded, type Failure, type Outcome } from '../lib/failure.ts'
import type { ChangeResult, CleanupResult, JournalChange } from '../model/change-result.ts'
import type { Intent } from '../model/intent.ts'
import type { Plan } from '../model/plan.ts'
import { isUnknown } from '../model/known.ts'
import { sanitise } from '../lib/sanitise.ts'
import type { World } from '../model/world.ts'
import { applyPlan } from './apply/apply.ts'
import type { ApplyOptions, PlanOptions, StepTold } from './apply/options.ts'
import { cleanUp } from './apply/cleanup.ts'
import { readJournal } from './apply/journal-file.ts'
import { contextOf } from './apply/plan-context.ts'
import { journalChange } from './apply/result.ts'
import type { HostAccess } from './apply/session.ts'
import { folderOf, isOfDead, markOf } from './apply/state-folder.ts'
import { planOf } from './plan-of.ts'
import { refused, type Planned } from './planner.ts'
import { planScript, previewOf } from './script.ts'

export type { ApplyOptions, PlanOptions, StepTold }

export type ChangerDeps = {
  /** null: a live host; else the file that the World comes from, which cannot be changed. */
  readonly file: string | null
  /**
   * The host as it is now, with the dear parts and rules of its own namespace and of these (as NETNS texts; what is not there is left
   * out). `whole`: it is read whatever the signal says.
   */
  readonly read: (netns: readonly string[], options?: { readonly whole?: boolean }) => Promise<Outcome<World>>
  /** SSH_CONNECTION is looked at. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** argv that starts this program once more, for the watcher. */
  readonly self: readonly string[]
  readonly signal: AbortSignal
  /** From now on until the answer is called the program does not end by itself where it is told to. */
  readonly keepAlive: () => () => void
}

export type Changer = {
  readonly plan: (intent: Intent, options?: PlanOptions) => Promise<Planned>
  /** Of the last change that is in effect, or of that one. */
  readonly undoPlan: (id: number | null, options?: PlanOptions) => Promise<Planned>
  /** A failure where nothing was begun; a result also where a step failed and what was done was taken back. */
  readonly apply: (plan: Plan, options?: ApplyOptions) => Promise<Outcome<ChangeResult>>
  /** The plan as it would be printed: outcome `not run`. */
  readonly preview: (plan: Plan) => ChangeResult
  readonly script: (plan: Plan) => string
  /** Oldest first. */
  readonly journal: () => Promise<Outcome<readonly JournalChange[]>>
  readonly cleanup: (options?: ApplyOptions) => Promise<Outcome<CleanupResult>>
  /** Keeps a change that waits for it; null: the only one. */
  readonly confirm: (id: number | null) => Promise<Outcome<JournalChange>>
  /** What the detached watcher does: waits, and takes the change back unless it was confirmed. */
  readonly watch: (id: number, seconds: number) => Promise<Outcome<ChangeResult | null>>
}

const notYet: Failure = { kind: 'refused', what: 'that is not made yet' }

export function openChanger(deps: ChangerDeps): Changer {
  const no = async () => ({ ok: false, failure: notYet }) as const
  const none = async () => ({ ok: false, refusals: [notYet] }) as const
  const host: HostAccess = {
    read: (netns) => deps.read(netns, { whole: true }),
    signal: deps.signal,
    keepAlive: deps.keepAlive,
  }
  const notOfFile =
    deps.file === null
      ? null
      : failed({
          kind: 'refused',
          what: `"${sanitise(deps.file)}" is a file: it cannot be changed`,
          subject: deps.file,
          hint: 'leave --from out to change this host',
        })
  let folder = '/run/vethscope/HOST'
  return {
    plan: async (intent) => {
      const world = await deps.read(namespacesIn(intent))
      if (!world.ok) return refused(world.failure)
      const context = contextOf(world.value, deps.file)
      folder = context.folder
      return planOf(ofLiving(world.value), intent, context)
    },
    undoPlan: none,
    apply: async (plan, options) =>
      notOfFile ?? applyPlan({ ...host, startWatcher: async () => failed(notYet) }, plan, options),
    preview: previewOf,
    script: (plan) => planScript(plan, { folder }),
    journal: async () => {
      if (notOfFile !== null) return notOfFile
      const world = await deps.read([])
      if (!world.ok) return world
      const entries = entriesOfHost(world.value)
      return entries.ok ? succeeded(entries.value.map(journalChange)) : entries
    },
    cleanup: async (options) => notOfFile ?? cleanUp(host, options),
    confirm: no,
    watch: no,
  }
}

/** What a folder tells that is of a namespace which is gone is not of this one. */
function entriesOfHost(world: World): ReturnType<typeof readJournal> {
  const folder = folderOf(world)
  return isOfDead(folder, markOf(world)) ? succeeded([]) : readJournal(folder)
}

/** Without the lab of a namespace that had this inode before. */
function ofLiving(world: World): World {
  if (world.labs === undefined || isUnknown(world.labs)) return world
  if (!isOfDead(folderOf(world), markOf(world))) return world
  return { ...world, labs: world.labs.filter(({ host }) => host !== world.host) }
}

/** NETNS texts of an intent; a node is one too. */
function namespacesIn(intent: Intent): readonly string[] {
  const texts = Object.entries(intent).flatMap(([key, value]) =>
    netnsKeys.has(key) && typeof value === 'string' ? [value] : [],
  )
  return [...new Set(texts)]
}

const netnsKeys: ReadonlySet<string> = new Set(['netns', 'peerNetns', 'to', 'node', 'of', 'name'])
