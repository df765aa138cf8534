/** `--engine` of commands that change networks: whose they are, and which options go with whom. */
import { labDrivers } from '../model/lab-words.ts'
import { failed, succeeded, type Outcome } from '../lib/failure.ts'

const engines = ['lab', 'docker', 'podman'] as const
export type NetEngine = (typeof engines)[number]
/** What is asked over its socket. */
type ContainerEngine = Exclude<NetEngine, 'lab'>

/** What `--driver` may be of whom; Docker has plugins besides. */
export const netDrivers: Readonly<Record<NetEngine, readonly string[]>> = {
  lab: labDrivers,
  docker: ['bridge', 'macvlan', 'ipvlan', 'overlay'],
  podman: ['bridge', 'macvlan', 'ipvlan'],
}

export const engineOption = {
  engine: { type: 'choice', value: 'ENGINE', choices: engines, summary: 'whose networks; default: lab' },
} as const

/** Of commands that ask an engine. */
export const engineOptions = {
  ...engineOption,
  socket: {
    type: 'text',
    value: 'PATH',
    summary: 'of several engines of a kind: the socket of the one meant',
  },
} as const

/** What all changes of an engine's networks hold. */
export type OfEngine = { readonly engine: ContainerEngine; readonly socket?: string }

export function ofEngine(engine: ContainerEngine, socket: string | undefined): OfEngine {
  return { engine, ...(socket === undefined ? {} : { socket }) }
}

const titles = { lab: 'a lab', docker: 'Docker', podman: 'Podman' } as const

type Given = string | number | boolean | readonly string[] | undefined

/** Options that were given and that this engine has no use for: `--vni`, `--aux-address`. */
export function withoutOptions<T>(
  engine: NetEngine,
  given: Readonly<Record<string, Given>>,
  wished: () => Outcome<T>,
): Outcome<T> {
  const names = Object.entries(given).flatMap(([name, value]) => (isGiven(value) ? [`--${name}`] : []))
  if (names.length === 0) return wished()
  const [first = ''] = names
  return failed({
    kind: 'usage',
    what: `${names.join(', ')} ${names.length === 1 ? 'is no option' : 'are no options'} of ${titles[engine]}`,
    subject: first,
    hint: engine === 'lab' ? 'it goes with --engine docker' : 'it goes with --engine lab',
  })
}

function isGiven(value: Given): boolean {
  if (value === undefined || value === false) return false
  return typeof value !== 'object' || value.length > 0
}

/** Ports of a container are given when it is made. */
export function onlyLab<T>(engine: NetEngine | undefined, wished: T): Outcome<T> {
  if (engine === undefined || engine === 'lab') return succeeded(wished)
  const title = titles[engine]
  return failed({
    kind: 'refused',
    what: `${title} publishes ports of a container only when it makes it, neither more nor fewer later`,
    subject: engine,
    hint: `make the container anew: ${engine} run -p …`,
  })
}
