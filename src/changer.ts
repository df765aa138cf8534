/** The changer of a host: reading by a Source, changing by `change`. A composition root. */
import { openChanger, type Changer } from './change/changer.ts'
import { resolveNetns } from './derive/resolve-netns.ts'
import { succeeded, type Outcome } from './lib/failure.ts'
import type { World } from './model/world.ts'
import type { Source } from './source.ts'

export type HostChangerOptions = {
  /** The same host as the Source, read also where the program was told to end: a change is not left half done. */
  readonly whole: () => Source
  readonly env: Readonly<Record<string, string | undefined>>
  readonly self: readonly string[]
  readonly signal: AbortSignal
  readonly keepAlive: () => () => void
}

export function hostChanger(source: Source, options: HostChangerOptions): Changer {
  const { whole, ...rest } = options
  return openChanger({
    ...rest,
    file: source.kind === 'file' ? (source.file ?? '') : null,
    read: (texts, { whole: isWhole = false, patient = false } = {}) =>
      readFor(isWhole ? whole() : source, texts, patient),
  })
}

/** The host and the namespaces that these NETNS texts name, with their dear parts and rules. */
async function readFor(source: Source, texts: readonly string[], patient: boolean): Promise<Outcome<World>> {
  const world = await source.readWorld({ details: false, patient })
  if (!world.ok) return world
  const found = texts.flatMap((text) => {
    const netns = resolveNetns(world.value, text)
    return netns.ok ? [netns.value.id] : []
  })
  const ids = [...new Set([world.value.host, ...found])]
  const detailed = await source.withDetails(world.value, ids)
  if (!detailed.ok) return detailed
  const ruled = await source.withFirewall(detailed.value, ids)
  return ruled.ok ? succeeded(ruled.value) : ruled
}
