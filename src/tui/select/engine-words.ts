import type { Engine } from '../../model/engine.ts'
import type { World } from '../../model/world.ts'
import type { Values } from '../changing/form.ts'
import { formHostOf } from '../changing/form-host.ts'

/** As a command line names it; null: it cannot be asked over a socket. */
export function engineWords(
  world: World,
  { engine, endpoint }: Pick<Engine, 'engine' | 'endpoint'>,
): Values | null {
  const ofKind = formHostOf(world).engines.filter((each) => each.engine === engine)
  if (!ofKind.some(({ socket }) => socket === endpoint)) return null
  return ofKind.length === 1 ? { engine } : { engine, socket: endpoint }
}
