/** What the program can tell of itself; vethscope.ts brings it, because commands know neither the screen nor the printer. */
import type { ConfigState } from '../config/load-config.ts'
import type { Failure, Outcome } from '../lib/failure.ts'
import type { Unknown } from '../model/known.ts'
import type { ToolFacts } from '../source.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/** What the shells' completions ask for, of names. */
export const nameKinds = [
  'netns',
  'containers',
  'links',
  'networks',
  'nodes',
  'members',
  'drivers',
  'any',
  'themes',
] as const
export type NameKind = (typeof nameKinds)[number]

export type Program = {
  readonly setup: () => Promise<SetupShape>
  /** `trouble`: why the screen opens with none of them. */
  readonly themes: () => Promise<{ readonly themes: readonly ThemeFacts[]; readonly trouble: Failure | null }>
  readonly manPage: () => Promise<string>
  readonly completion: (shell: Shell) => Promise<string>
}

/** What is set, and where things are. */
export type SetupShape = {
  readonly config: { readonly file: string | null; readonly state: ConfigState | Unknown }
  /** Of the screen. */
  readonly theme: string | Unknown
  /** null: the environment tells of no home. */
  readonly paths: { readonly themes: string | null; readonly state: string | null }
}

export type EngineShape = {
  readonly engine: string
  readonly endpoint: string | null
  readonly version: string | null
  /** How many. */
  readonly containers: number | Unknown
}

export type AboutShape = ToolFacts & SetupShape & { readonly engines: readonly EngineShape[] | Unknown }

export type ThemeShape = {
  readonly name: string
  readonly title: string | Unknown
  /** null: shipped. */
  readonly file: string | null
  /** The one that the screen opens with. */
  readonly inUse: boolean
}

export type ThemeFacts = {
  readonly shape: ThemeShape
  /** Each role with words as it has on the screen; `sgr` is how a terminal is told its look. */
  readonly preview: Outcome<readonly RoleSample[]>
}
export type RoleSample = { readonly role: string; readonly sample: string; readonly sgr: string }
