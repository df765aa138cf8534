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
import { cleanUp } from './apply/cleanup.ts'
import { asksEngine, namedIn, peersIn } from './apply/concerned.ts'
import { confirmChange } from './apply/confirm.ts'
import { readJournal } from './apply/journal-file.ts'
import { aboutEngine, namespacesOf } from './apply/look.ts'
import type { ApplyOptions, PlanOptions, StepTold } from './apply/options.ts'
import { contextOf } from './apply/plan-context.ts'
import { journalChange } from './apply/result.ts'
import type { HostAccess } from './apply/session.ts'
import { folderOf, isOfDead, markOf } from './apply/state-folder.ts'
import { readFiles } from './check/read-files.ts'
import { cutsWayIn } from './guard/cuts-way-in.ts'
import { endsLab } from './guard/ends-lab.ts'
import { startWatcher as start, tellReady } from './guard/start-watcher.ts'
import { watchChange } from './guard/watch-change.ts'
import { wayInOf } from './guard/way-in.ts'
import { planOf } from './plan-of.ts'
import { refused, type Planned } from './planner.ts'
import { planScript, previewOf } from './script.ts'
import { undoPlan, undoTarget } from './undo/undo-plan.ts'

export type { ApplyOptions, PlanOptions, StepTold }

export type ChangerDeps = {
  /** null: a live host; else the file that the World comes from, which cannot be changed. */
  readonly file: string | null
  /**
   * The host as it is now, with the dear parts and rules of its own namespace and of these (as NETNS texts; what is not there is left
   * out). `whole`: it is read whatever the signal says. `patient`: engines that are busy are waited for.
   */
  readonly read: (
    netns: readonly string[],
    options?: { readonly whole?: boolean; readonly patient?: boolean },
  ) => Promise<Outcome<World>>
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

export function openChanger(deps: ChangerDeps): Changer {
  const host: HostAccess = {
    read: (netns, patient = false) => deps.read(netns, { whole: true, patient }),
    signal: deps.signal,
    keepAlive: deps.keepAlive,
  }
  const startWatcher = (id: number, seconds: number) => start(deps.self, id, seconds)
  const notOfFile = deps.file === null ? null : failed(ofFile(deps.file))
  return {
    plan: async (intent, options) => {
      const world = await worldFor(deps, intent)
      if (!world.ok) return refused(world.failure)
      const context = contextOf(world.value, deps.file)
      return guarded(deps, world.value, planOf(world.value, intent, context), options)
    },
    undoPlan: async (id, options) => {
      if (notOfFile !== null) return refused(notOfFile.failure)
      const asked = await undoing(deps, id)
      if (!asked.ok) return refused(asked.failure)
      return guarded(deps, asked.value.world, asked.value.plan, options)
    },
    apply: async (plan, options) => notOfFile ?? applyPlan({ ...host, startWatcher }, plan, options),
    preview: previewOf,
    script: planScript,
    journal: async () => {
      if (notOfFile !== null) return notOfFile
      const world = await deps.read([])
      if (!world.ok) return world
      const entries = entriesOfHost(world.value)
      return entries.ok ? succeeded(entries.value.map(journalChange)) : entries
    },
    cleanup: async (options) => notOfFile ?? cleanUp(host, options),
    confirm: async (id) => notOfFile ?? confirmChange(host, id),
    watch: async (id, seconds) => {
      if (notOfFile !== null) return notOfFile
      tellReady(deps.env)
      const undo = async (each: number): Promise<Planned> => {
        const read: Reads['read'] = (netns, { patient } = {}) => host.read(netns, patient)
        const asked = await undoing({ read }, each)
        return asked.ok ? asked.value.plan : refused(asked.failure)
      }
      return watchChange({ ...host, undo }, id, seconds)
    },
  }
}

/** What would lose another lab is refused; and what would cut the way in, unless it is taken back by itself. A file's host is nobody's way in. */
function guarded(
  { file, env }: ChangerDeps,
  world: World,
  plan: Planned,
  { confirmWithin }: PlanOptions = {},
): Planned {
  if (!plan.ok) return plan
  const ended = endsLab(world, plan.value, (host) => {
    const there = { ...world, host }
    return file === null && isOfDead(folderOf(there), markOf(there))
  })
  if (ended.length > 0) return refused(...ended)
  if (file !== null || confirmWithin !== undefined) return plan
  const cut = cutsWayIn(world, plan.value, wayInOf(world, env, process.pid))
  return cut.length === 0 ? plan : refused(...cut)
}

function ofFile(file: string): Failure {
  const what = `"${sanitise(file)}" is a file: it cannot be changed`
  return { kind: 'refused', what, subject: file, hint: 'leave --from out to change this host' }
}

type Reads = Pick<ChangerDeps, 'read'>

/** With all that a plan must know, and without the lab of a namespace that had this inode before. */
async function worldFor({ read }: Reads, intent: Intent): Promise<Outcome<World>> {
  const named = namedIn(intent)
  const patient = asksEngine(intent)
  const first = await read(named, { patient })
  if (!first.ok) return first
  const peers = peersIn(first.value, intent)
  const world = peers.length === 0 ? first : await read([...named, ...peers], { patient })
  if (!world.ok) return world
  const { host, labs } = world.value
  if (labs === undefined || isUnknown(labs)) return world
  if (!isOfDead(folderOf(world.value), markOf(world.value))) return world
  return succeeded({ ...world.value, labs: labs.filter((lab) => lab.host !== host) })
}

async function undoing(
  { read }: Reads,
  id: number | null,
): Promise<Outcome<{ readonly plan: Planned; readonly world: World }>> {
  const first = await read([])
  if (!first.ok) return first
  const entries = entriesOfHost(first.value)
  if (!entries.ok) return entries
  const target = undoTarget(entries.value, id)
  // An undo is about what it took back, too.
  const plans = entries.value.filter((entry) => entry.id === target?.id || entry.id === target?.plan.undoes)
  const facts = plans.flatMap(({ plan }) => plan.steps.flatMap(({ before, after }) => [...before, ...after]))
  const names = namespacesOf(facts)
  const patient = aboutEngine(facts)
  const world = names.length === 0 && !patient ? first : await read(names, { patient })
  if (!world.ok) return world
  const plan = undoPlan(entries.value, id, world.value, await readFiles(facts))
  return succeeded({ plan, world: world.value })
}

/** What a folder tells that is of a namespace which is gone is not of this one. */
function entriesOfHost(world: World): ReturnType<typeof readJournal> {
  const folder = folderOf(world)
  return isOfDead(folder, markOf(world)) ? succeeded([]) : readJournal(folder)
}
