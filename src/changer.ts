/** The changer of a host: reading by a Source, changing by `change`. A composition root. */
import { openChanger, type Changer } from './change/changer.ts'
import { resolveNetns } from './derive/resolve-netns.ts'
import { succeeded } from './lib/failure.ts'
import type { Source } from './source.ts'

export type HostChangerOptions = {
  /** --host */
  readonly hostPath: string | null
  readonly env: Readonly<Record<string, string | undefined>>
  readonly self: readonly string[]
  readonly signal: AbortSignal
}

export function hostChanger(source: Source, options: HostChangerOptions): Changer {
  return openChanger({
    ...options,
    read: async (texts) => {
      const world = await source.readWorld({ details: false })
      if (!world.ok) return world
      const found = texts.flatMap((text) => {
        const netns = resolveNetns(world.value, text)
        return netns.ok ? [netns.value.id] : []
      })
      const ids = [...new Set([world.value.host, ...found])]
      const detailed = await source.withDetails(world.value, ids)
      if (!detailed.ok) return detailed
      const whole = await source.withFirewall(detailed.value, ids)
      return whole.ok ? succeeded(whole.value) : whole
    },
  })
}
