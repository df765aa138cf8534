/**
 * What a command is: a name, typed arguments and options, what it works on, and a function from those to a Result.
 * Help, the README's table and the parser are all made from these records; `run` gives data, never text.
 */
import type { Changer } from '../change/changer.ts'
import type { Outcome } from '../lib/failure.ts'
import type { ProbeEvent } from '../model/probe.ts'
import type { Prober } from '../probe/prober.ts'
import type { Source } from '../source.ts'
import type { Person } from './person.ts'
import type { NameKind, Program } from './program.ts'
import type { Result } from './result.ts'

export type OptionSpec = {
  readonly summary: string
  readonly short?: string
  /** Not told to people. */
  readonly hidden?: true
} & (
  | { readonly type: 'switch' }
  /** Alone, or with a value after `=`: `--debug`, `--debug=FILE`. */
  | { readonly type: 'optional'; readonly value: string }
  /** `names`: of what, where `value` does not tell; they are offered while one types, and others are taken, too. */
  | { readonly type: 'text'; readonly value: string; readonly names?: NameKind }
  /** May be given several times. */
  | { readonly type: 'texts'; readonly value: string }
  | { readonly type: 'integer'; readonly value: string; readonly min: number; readonly max: number }
  /** With a fraction: `0.2`. */
  | { readonly type: 'seconds'; readonly value: string; readonly min: number; readonly max: number }
  | { readonly type: 'choice'; readonly choices: readonly string[]; readonly value?: string }
)

export type ArgumentSpec = {
  /** As help shows it: `NETNS`. */
  readonly value: string
  readonly summary: string
  readonly required: boolean
  /** Takes all that follow. */
  readonly many?: true
  /** What follows is no option of ours, whatever it looks like. */
  readonly verbatim?: true
  /** Names of what complete it, where `value` does not tell. */
  readonly names?: NameKind
  readonly choices?: readonly string[]
}

export type OptionSpecs = { readonly [name: string]: OptionSpec }
export type ArgumentSpecs = { readonly [name: string]: ArgumentSpec }

type OptionValue<S extends OptionSpec> = S extends { readonly type: 'switch' }
  ? boolean
  : S extends { readonly type: 'optional' }
    ? string | boolean
    : S extends { readonly type: 'texts' }
      ? readonly string[]
      : S extends { readonly type: 'integer' | 'seconds' }
        ? number | undefined
        : S extends { readonly type: 'choice'; readonly choices: readonly (infer C)[] }
          ? C | undefined
          : string | undefined

type ArgumentText<S extends ArgumentSpec> = S extends { readonly choices: readonly (infer C)[] } ? C : string

type ArgumentValue<S extends ArgumentSpec> = S extends { readonly many: true }
  ? readonly ArgumentText<S>[]
  : S extends { readonly required: true }
    ? ArgumentText<S>
    : ArgumentText<S> | undefined

export type OptionValues<O extends OptionSpecs> = { readonly [K in keyof O]: OptionValue<O[K]> }
export type Values<A extends ArgumentSpecs, O extends OptionSpecs> = {
  readonly [K in keyof A]: ArgumentValue<A[K]>
} & OptionValues<O>

/** All that a command may touch of the outside. */
export type Deps = {
  readonly source: Source
  /** A file in the source's place: what --replay names. */
  readonly open: (file: string) => Source
  /** What it can tell of itself. */
  readonly program: Program
  /** The helper process that probes; started with the first one. */
  readonly prober: () => Prober
  /** What changes the host, or a namespace that plays one; nothing is read or made before it is asked for something. */
  readonly changer: (host?: string) => Promise<Changer>
  /** Whoever wants the change. */
  readonly person: Person
  /** What is told while a probe runs; resolves when it was taken. */
  readonly tell: (events: readonly ProbeEvent[]) => Promise<void>
  readonly signal: AbortSignal
  /** Where files with a name of the program's own choice are made. */
  readonly folder: string
}

/** `world`: a live host or a file. `screen`: takes the terminal over. `nothing`: works whatever the config file says. */
export type Needs = 'world' | 'screen' | 'nothing'

type Definition<A extends ArgumentSpecs, O extends OptionSpecs> = {
  readonly name: string
  readonly summary: string
  /** More, for the command's own help; each a paragraph. */
  readonly description?: readonly string[]
  readonly examples?: readonly string[]
  readonly needs: Needs
  /** Not told to people. */
  readonly hidden?: true
  /** It changes the host: it has the options of every change (change-flow.ts), which help tells once. */
  readonly changes?: true
  /** Its exit codes are another program's: what fails before that one runs gives this one. */
  readonly failsWith?: number
  readonly arguments: A
  readonly options: O
  readonly run: (deps: Deps, values: Values<A, O>) => Promise<Outcome<Result>>
}

export type RawValues = { readonly [name: string]: string | number | boolean | readonly string[] | undefined }

/** A command as the table holds it: what its values must be is kept in its specs, which the parser obeys. */
export type Command = Omit<Definition<ArgumentSpecs, OptionSpecs>, 'run'> & {
  readonly run: (deps: Deps, values: RawValues) => Promise<Outcome<Result>>
}

export function command<const A extends ArgumentSpecs, const O extends OptionSpecs>(
  definition: Definition<A, O>,
): Command {
  const run = definition.run as (deps: Deps, values: unknown) => Promise<Outcome<Result>>
  return { ...definition, run }
}
