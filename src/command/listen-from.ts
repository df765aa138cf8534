import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import type { Deps, OptionSpecs } from './command.ts'
import { probeFrom } from './probe-flow.ts'
import type { Result } from './result.ts'

/** Of tcp and udp: a listener inside instead of a probe. */
export const listenOptions = {
  listen: { type: 'text', value: '[ADDR:]PORT', summary: 'listen there instead' },
  count: {
    type: 'integer',
    value: 'N',
    min: 1,
    max: 1_000_000,
    summary: 'with --listen: end after so many',
  },
} as const satisfies OptionSpecs

type Asked = {
  readonly protocol: 'tcp' | 'udp'
  readonly netns: string
  readonly target?: string | undefined
  readonly listen: string | undefined
  readonly count: number | undefined
  readonly timeout: number | undefined
  /** As a web server. */
  readonly answers?: true
}

/** `tcp NETNS --listen [ADDR:]PORT`, udp's, and `http NETNS --serve [ADDR:]PORT`. */
export async function listenFrom(
  deps: Deps,
  { protocol, netns, target, listen, count, timeout, answers }: Asked,
): Promise<Outcome<Result>> {
  const wrong = (what: string): Outcome<never> => failed({ kind: 'usage', what: `${protocol}: ${what}` })
  if (listen === undefined) return wrong('give HOST:PORT, or --listen [ADDR:]PORT')
  if (target !== undefined) return wrong(`--listen and the target "${target}" exclude each other`)
  const [{ listenOn }, { hopNames }] = await Promise.all([
    import('../derive/probe/host-ports.ts'),
    import('../derive/probe/hop-names.ts'),
  ])
  const where = listenOn(listen)
  if (!where.ok) return where
  return probeFrom(deps, netns, ({ world, place }) =>
    succeeded({
      kind: 'listen',
      place,
      protocol,
      ...where.value,
      count: count ?? null,
      timeoutMs: timeout === undefined ? null : timeout * 1000,
      ...(answers === undefined ? {} : { answers: hopNames(world) }),
    }),
  )
}
