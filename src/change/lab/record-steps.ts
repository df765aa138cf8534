/** What the lab is, written down: one file a thing (model/lab.ts). */
import type { Lab } from '../../model/lab.ts'
import type { Step } from '../../model/plan.ts'
import { fileStep } from '../file-steps.ts'
import type { PlanContext } from '../planner.ts'

type Records = ReadonlyMap<string, { readonly what: string; readonly text: string }>

/** From one lab to another. */
export function recordSteps(before: Lab, after: Lab, { folder }: PlanContext): readonly Step[] {
  const [had, wanted] = [recordsOf(before), recordsOf(after)]
  return [...new Set([...had.keys(), ...wanted.keys()])].flatMap((name) => {
    const [old, now] = [had.get(name), wanted.get(name)]
    if (old?.text === now?.text) return []
    const what = now?.what ?? old?.what ?? name
    const title = now === undefined ? `forget ${what}` : `write down ${what}`
    return [fileStep(title, `${folder}/lab/${name}.json`, old?.text ?? null, now?.text ?? null)]
  })
}

function recordsOf(lab: Lab): Records {
  const records: readonly (readonly [string, string, object])[] = [
    ...lab.networks.map((each) => [`network-${each.name}`, `network ${each.name}`, each] as const),
    ...lab.nodes.map((each) => [`node-${each.name}`, `node ${each.name}`, each] as const),
    ...lab.masquerades.map((each) => {
      const name = [each.at, each.subnet, each.out ?? 'any'].join('-').replaceAll('/', '_')
      return [`masquerade-${name}`, `masquerade of ${each.subnet}`, each] as const
    }),
  ]
  return new Map(records.map(([name, what, record]) => [name, { what, text: textOf(record) }]))
}

/** Records are never changed, and of a large lab a plan asks for all of them with each node. */
const texts = new WeakMap<object, string>()

function textOf(record: object): string {
  const kept = texts.get(record)
  if (kept !== undefined) return kept
  const text = `${JSON.stringify(record)}\n`
  texts.set(record, text)
  return text
}
