import { succeeded, type Outcome } from '../lib/failure.ts'
import { isUnknown, unknown, type Unknown } from '../model/known.ts'
import type { World } from '../model/world.ts'
import { command } from './command.ts'
import type { EngineShape } from './program.ts'

export const about = command({
  name: 'about',
  summary: 'what this program runs on and with: reader, engines, config file, theme, tools, terminal',
  needs: 'nothing',
  arguments: {},
  options: {},
  run: async ({ source, program }) => {
    const [facts, world] = await Promise.all([source.readTool(), source.readWorld({ details: false })])
    if (!facts.ok) return facts
    return succeeded({
      kind: 'about',
      data: { ...facts.value, engines: enginesOf(world), ...(await program.setup()) },
      answer: 'yes',
      gaps: [],
    })
  },
})

function enginesOf(world: Outcome<World>): readonly EngineShape[] | Unknown {
  if (!world.ok) return unknown(world.failure.what)
  const { engines } = world.value
  if (isUnknown(engines)) return engines
  return engines.map(({ engine, endpoint, version, containers }) => ({
    engine,
    endpoint,
    version,
    containers: isUnknown(containers) ? containers : containers.length,
  }))
}
