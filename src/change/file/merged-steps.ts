/**
 * The steps of several plans as one: what each of them writes anew as a whole (a table of rules, a file of names, a record) is written
 * once, with what was before the first and what is after the last. Otherwise each node of a large lab would write the names of all
 * the others again.
 */
import { dirname } from 'node:path'
import type { Intent } from '../../model/intent.ts'
import type { Command, Fact, Plan, Step } from '../../model/plan.ts'
import { fileStep, fileSteps, type FileChange } from '../file-steps.ts'

type FactOf<K extends Fact['kind']> = Extract<Fact, { readonly kind: K }>

export function mergedSteps(plans: readonly Plan[]): readonly Step[] {
  const placed = plans.flatMap(({ steps, intent }) =>
    steps.map((step) => ({ step, grows: !shrinking.has(intent.kind) })),
  )
  const { kept, changes, titles, foldersMade, foldersGone } = withoutFiles(withTablesOnce(placed))
  const names = changes.filter(({ path }) => path.startsWith('/etc/'))
  const records = changes.filter(({ path }) => !path.startsWith('/etc/'))
  return [
    ...kept,
    ...atOnce(foldersMade),
    ...fileSteps(names),
    ...atOnce(foldersGone),
    ...records.map(({ path, before, text }) => fileStep(titles.get(path) ?? path, path, before, text)),
  ]
}

/** Guards go after what they guarded; else they come before it. */
const shrinking: ReadonlySet<Intent['kind']> = new Set([
  'net-rm',
  'net-disconnect',
  'net-unpublish',
  'node-rm',
] as const)

type Placed = { readonly step: Step; readonly grows: boolean }

function withTablesOnce(placed: readonly Placed[]): readonly Step[] {
  // Table → the replacements of it that follow each other in one direction.
  const runs = new Map<string, { readonly grows: boolean; readonly steps: Step[] }[]>()
  for (const { step, grows } of placed) {
    const key = tableOf(step)
    if (key === null) continue
    const all = runs.get(key) ?? []
    const last = all.at(-1)
    if (last?.grows === grows) last.steps.push(step)
    else all.push({ grows, steps: [step] })
    runs.set(key, all)
  }
  const at = new Map<Step, Step | null>()
  for (const { grows, steps } of [...runs.values()].flat()) {
    const [first, last] = [steps[0], steps.at(-1)]
    if (first === undefined || last === undefined) continue
    for (const step of steps) at.set(step, null)
    if (textOf(first.undo) !== textOf([last.command])) at.set(grows ? first : last, joined(first, last))
  }
  return placed.flatMap(({ step }) => {
    const instead = at.get(step)
    return instead === undefined ? [step] : instead === null ? [] : [instead]
  })
}

/** A table that one command replaces as a whole, and one takes back. */
function tableOf({ after, before, undo }: Step): string | null {
  const [fact, ...more] = after
  if (fact?.kind !== 'nft-table' || more.length > 0 || before.length !== 1) return null
  return 'irreversible' in undo || undo.length !== 1
    ? null
    : JSON.stringify([fact.at, fact.family, fact.name])
}

function textOf(commands: Step['undo']): string {
  return 'irreversible' in commands ? '' : JSON.stringify(commands.map(({ argv, input }) => [argv, input]))
}

function joined(first: Step, last: Step): Step {
  if (first === last) return first
  const rulesOf = (facts: readonly Fact[]): unknown =>
    facts.find((fact): fact is FactOf<'nft-table'> => fact.kind === 'nft-table')?.rules
  const [had, has] = [rulesOf(first.before), rulesOf(last.after)]
  const how = had === null ? 'add' : has === null ? 'delete' : 'change'
  const word = { add: 'make', delete: 'delete', change: 'replace' }[how]
  return {
    title: first.title.replace(/^\S+/, word),
    command: last.command,
    undo: first.undo,
    after: last.after,
    before: first.before,
    touches: first.touches.map((touch) => ({ ...touch, how })),
  }
}

type Files = {
  readonly kept: readonly Step[]
  /** What is in each file in the end, and was in the beginning. */
  readonly changes: readonly FileChange[]
  /** Of the last step that was about a path. */
  readonly titles: ReadonlyMap<string, string>
  readonly foldersMade: readonly Step[]
  readonly foldersGone: readonly Step[]
}

function withoutFiles(steps: readonly Step[]): Files {
  const changes = new Map<string, FileChange>()
  const titles = new Map<string, string>()
  const folders = new Map<string, Step[]>()
  const kept: Step[] = []
  for (const step of steps) {
    const [file, folder] = [fileOf(step), folderOf(step)]
    if (file !== null) {
      const { text } = file.after
      for (const path of [file.after.path, ...(file.after.also ?? [])]) {
        const first = changes.get(path) ?? { before: file.before.text }
        changes.set(path, { path, before: first.before, text })
        titles.set(path, step.title)
      }
    } else if (folder !== null) folders.set(folder, [...(folders.get(folder) ?? []), step])
    else kept.push(step)
  }
  const left = [...folders.values()].map(turnOf).filter((step) => step !== null)
  const inOrder = left.toSorted((a, b) => steps.indexOf(a) - steps.indexOf(b))
  return {
    kept,
    changes: [...changes.values()].filter(({ before, text }) => before !== text),
    titles,
    foldersMade: inOrder.filter((step) => !isGone(step)),
    foldersGone: inOrder.filter(isGone),
  }
}

/** Folders beside each other by one command, whatever is above them before or after. */
function atOnce(steps: readonly Step[]): readonly Step[] {
  const groups = new Map<string, Step[]>()
  for (const step of steps) {
    const above = dirname(folderOf(step) ?? '')
    groups.set(above, [...(groups.get(above) ?? []), step])
  }
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group
    if (first === undefined || others.length === 0) return group
    const paths = group.map((step) => folderOf(step) ?? '')
    const all = (argv: readonly string[]): Command => ({ argv: [argv[0] ?? '', ...paths] })
    const undo: Step['undo'] =
      'irreversible' in first.undo ? first.undo : first.undo.map(({ argv }) => all(argv))
    return [
      {
        title: `${first.title} and ${others.length} more`,
        command: all(first.command.argv),
        undo,
        after: group.flatMap(({ after }) => after),
        before: group.flatMap(({ before }) => before),
        touches: [
          ...new Map(
            group.flatMap(({ touches }) => touches).map((touch) => [JSON.stringify(touch), touch]),
          ).values(),
        ],
      },
    ]
  })
}

function fileOf({
  after,
  before,
  command: { argv },
  undo,
}: Step): { readonly after: FactOf<'file'>; readonly before: FactOf<'file'> } | null {
  const [is, was] = [after[0], before[0]]
  if (is?.kind !== 'file' || was?.kind !== 'file' || after.length > 1 || before.length > 1) return null
  const isWhole = (argv[0] === 'tee' || argv[0] === 'rm') && !('irreversible' in undo)
  return isWhole ? { after: is, before: was } : null
}

function folderOf({ after }: Step): string | null {
  const [fact] = after
  return fact?.kind === 'folder' && after.length === 1 ? fact.path : null
}

function isGone({ after }: Step): boolean {
  return after.some((fact) => fact.kind === 'folder' && !fact.there)
}

/** What is left of going and coming; null: it is as it was. */
function turnOf(steps: readonly Step[]): Step | null {
  const [first, last] = [steps[0], steps.at(-1)]
  return first === undefined || last === undefined || isGone(first) !== isGone(last) ? null : last
}
