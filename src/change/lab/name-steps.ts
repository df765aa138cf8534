/**
 * /etc/netns/NODE/hosts and resolv.conf of every node, from one lab to another. `ip netns exec` and `vethscope exec` put them over those of
 * /etc. They are written in place: whoever has them mounted sees it.
 */
import type { Lab, LabNode } from '../../model/lab.ts'
import type { Failure } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { isUnknown } from '../../model/known.ts'
import type { Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { fileSteps, folderStep, sharedFolderStep, type FileChange } from '../file-steps.ts'
import { planned, refusal, refused, type EtcNetns, type PlanContext, type Planned } from '../planner.ts'
import { hostsTexts } from './hosts-text.ts'
import { hostResolvConf, resolvText } from './resolv-text.ts'

export type NameSteps = { readonly steps: readonly Step[]; readonly notes: readonly string[] }

const folder = '/etc/netns'

/** File → text. */
type Files = ReadonlyMap<string, string>

export function nameSteps(world: World, before: Lab, after: Lab, context: PlanContext): Planned<NameSteps> {
  const there: NonNullable<EtcNetns> = context.etcNetns ?? new Map()
  const host = hostResolvConf(world)
  const [had, wanted] = [filesOf(host, before), filesOf(host, after)]
  const made = [...wanted.keys()].filter((name) => !had.has(name))
  const taken = made.flatMap((name) => whyTaken(name, there))
  if (taken.length > 0) return refused(...taken)
  const gone = [...had.keys()].filter((name) => !wanted.has(name))
  const stays = gone.flatMap((name) => {
    const files = there.get(name) ?? new Map<string, string | null>()
    const others = [...files].flatMap(([file, text]) =>
      had.get(name)?.has(file) === true && text !== null ? [] : [file],
    )
    return others.length === 0 ? [] : [{ name, others }]
  })
  const removed = gone.filter((name) => there.has(name) && stays.every((each) => each.name !== name))
  // A folder that somebody took away is made again.
  const missing = [...wanted.keys()].filter(
    (name) => !there.has(name) && isChanged(had.get(name), wanted.get(name)),
  )
  const changes = [...new Set([...had.keys(), ...wanted.keys()])].flatMap((name) =>
    changesOf(name, had.get(name), wanted.get(name), there.get(name)),
  )
  return planned({
    steps: [
      ...(missing.length > 0 && (context.etcNetns === null || (isOurs(after) && !isOurs(before)))
        ? [sharedFolderStep(folder, true)]
        : []),
      ...missing.map((name) => folderStep(`${folder}/${name}`, true)),
      ...fileSteps(changes),
      ...removed.map((name) => folderStep(`${folder}/${name}`, false)),
      ...(isOurs(before) && !isOurs(after) && [...there.keys()].every((name) => removed.includes(name))
        ? [sharedFolderStep(folder, false)]
        : []),
    ],
    notes: [
      ...stays.map(
        ({ name, others }) =>
          `${folder}/${name} stays: ${others.map(sanitise).join(', ')} in it is none of ours`,
      ),
      ...[...wanted].flatMap(([name, files]) =>
        [...files]
          .filter(([file, text]) => isOdd(there.get(name), file) && had.get(name)?.get(file) !== text)
          .map(([file]) => `${folder}/${name}/${file} stays as it is: it is no regular file`),
      ),
    ],
  })
}

/**
 * Whether /etc/netns itself goes with the last folder in it: a node made it, of this lab or of that of another host, and whose
 * lab goes first is not known.
 */
export function ownsEtcNetns({ labs }: World, lab: Lab, { etcNetns }: PlanContext): boolean {
  if (etcNetns === null || isOurs(lab)) return true
  const others = labs === undefined || isUnknown(labs) ? [] : labs
  return etcNetns !== undefined && etcNetns.size > 0 && others.some(isOurs)
}

function isOurs({ nodes }: Pick<Lab, 'nodes'>): boolean {
  return nodes.some((node) => node.ownsEtcNetns === true)
}

/** By node. One that is the host’s namespace has the host’s files; of a container’s only that container knows them. */
function filesOf(host: string | null, lab: Lab): ReadonlyMap<string, Files> {
  const hosts = hostsTexts(lab)
  const texts = new Map<string, Files>()
  for (const node of lab.nodes) {
    const owner = ownerOf(lab, node)
    if (owner === null) continue
    texts.set(
      node.name,
      new Map([
        ['hosts', hosts(owner)],
        ['resolv.conf', resolvText(host, lab, owner)],
      ]),
    )
  }
  return texts
}

/** Whose namespace it is, of those that the lab made itself. */
function ownerOf(lab: Lab, node: LabNode, depth = 0): LabNode | null {
  if (node.mode === 'bridge' || node.mode === 'none') return node
  const joined = lab.nodes.find(({ name }) => node.mode === 'container' && name === node.of)
  // A record that was changed by hand may go round in a circle.
  return joined === undefined || depth > lab.nodes.length ? null : ownerOf(lab, joined, depth + 1)
}

function whyTaken(name: string, there: NonNullable<EtcNetns>): readonly Failure[] {
  const files = there.get(name)
  if (files === undefined) return []
  const holds = [...files.keys()].map(sanitise).join(', ')
  const what = `folder ${folder}/${name} exists already${holds === '' ? '' : `: it holds ${holds}`}`
  return [refusal(`${folder}/${name}`, what, 'another name for the node, or move it away')]
}

function isChanged(had: Files | undefined, wanted: Files | undefined): boolean {
  return ['hosts', 'resolv.conf'].some((file) => had?.get(file) !== wanted?.get(file))
}

/** A link, a folder …: to write it would change something elsewhere. */
function isOdd(now: ReadonlyMap<string, string | null> | undefined, file: string): boolean {
  return now?.get(file) === null
}

/** `now`: what is in them, whatever was written there last. */
function changesOf(
  name: string,
  had: Files | undefined,
  wanted: Files | undefined,
  now: ReadonlyMap<string, string | null> | undefined,
): readonly FileChange[] {
  return ['hosts', 'resolv.conf'].flatMap((file) => {
    if (had?.get(file) === wanted?.get(file) || isOdd(now, file)) return []
    const before = now === undefined ? null : (now.get(file) ?? null)
    const text = wanted?.get(file) ?? null
    return before === text ? [] : [{ path: `${folder}/${name}/${file}`, before, text }]
  })
}
