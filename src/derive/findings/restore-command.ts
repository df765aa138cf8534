/** What brings back rules that an engine or a lab lost, where vethscope can do that: for one of this host. */
import type { Engine } from '../../model/engine.ts'
import { quoted } from '../../lib/quoted.ts'
import type { FindingContext } from './context.ts'

/** `vethscope rules restore --engine docker`; null: for that engine it cannot. */
export function restoreCommand(
  { world, engines }: FindingContext,
  engine: Engine | undefined,
): string | null {
  if (engine === undefined || engine.rootless || engine.netns !== world.host) return null
  if (engine.engine !== 'docker' && engine.engine !== 'podman' && engine.engine !== 'lab') return null
  const alike = engines.filter((each) => each.engine === engine.engine && each.netns === world.host)
  const socket = alike.length > 1 ? ` --socket ${quoted(engine.endpoint)}` : ''
  return `vethscope rules restore --engine ${engine.engine}${socket}`
}
