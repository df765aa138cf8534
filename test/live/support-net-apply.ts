/** Files of networks on a played host: the composed plan, and the same part by part on the host as the parts before it left it. */
import type { IntentOf } from '../../src/model/intent.ts'
import type { TestHost } from '../support/host.ts'
import { bundle } from '../support/bundle.ts'

const program = `
import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { hostChanger } from './src/changer.ts'
import { contextOf } from './src/change/apply/plan-context.ts'
import { namedIn } from './src/change/apply/concerned.ts'
import { composed, withoutUnmade } from './src/change/file/composed.ts'
import { wantsOf } from './src/change/file/net-apply.ts'
import { planOf } from './src/change/plan-of.ts'
import { resolveNetns } from './src/derive/resolve-netns.ts'
import { liveSource } from './src/source.ts'

const { signal } = new AbortController()
const source = liveSource({ version: 'test', reader: 'auto', signal })
const changer = hostChanger(source, { whole: () => source, env: {}, self: [], signal, keepAlive: () => () => {} })
const { now, intent } = JSON.parse(readFileSync(0, 'utf8'))
const value = (outcome) => { if (!outcome.ok) throw new Error(JSON.stringify(outcome)); return outcome.value }
const moment = async () => {
  const world = value(await source.readWorld({ details: false }))
  const named = namedIn(intent).flatMap((text) => { const found = resolveNetns(world, text); return found.ok ? [found.value.id] : [] })
  const ids = [...new Set([world.host, ...named])]
  const whole = value(await source.withFirewall(value(await source.withDetails(world, ids)), ids))
  return { world: whole, context: { ...contextOf(whole), now } }
}
/** What enters a namespace by its inode can only be told where that is there. */
const plain = (plan) => JSON.parse(JSON.stringify({ ...plan, steps: withoutUnmade(plan.steps) }, (key, each) => key === 'enters' ? undefined : each))
const folded = value(composed(await moment(), wantsOf(intent), planOf)).plans
const differing = []
let at = 0
for (const want of wantsOf(intent)) {
  for (const each of value(want.intents(await moment()))) {
    const { world, context } = await moment()
    const real = value(planOf(world, each, context))
    const fold = folded[at]
    const [one, other] = [plain(real), fold === undefined ? null : plain(fold)]
    if (!isDeepStrictEqual(one, other)) differing.push({ real: one, fold: other })
    const result = value(await changer.apply(real))
    if (!result.applied || !result.verified) throw new Error(JSON.stringify(result))
    at += 1
  }
}
if (at !== folded.length) differing.push({ real: at + ' parts', fold: folded.length + ' parts' })
process.stdout.write(JSON.stringify({ parts: at, steps: folded.flatMap(({ steps }) => steps).length, differing }))
process.exit(0)
`

export type Held = {
  readonly parts: number
  readonly steps: number
  /** Where planning on the World as it was thought to be gave something else than on the host as it really was. */
  readonly differing: readonly unknown[]
}

let built: Promise<string> | null = null

/** Makes the change part by part. */
export async function partByPart(host: TestHost, intent: IntentOf<'net-apply'>): Promise<Held> {
  built ??= bundle(program)
  const input = JSON.stringify({ intent, now: '2026-01-01T00:00:00.000Z' })
  return JSON.parse(host.run([process.execPath, await built], { input })) as Held
}
