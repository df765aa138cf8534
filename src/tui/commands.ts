/** Names of the World that complete a word. */
export type NamesIn = 'netns' | 'network' | 'node' | 'link'

/** What `:` needs to know of a command of the command line; the composition root brings them, the screen knows none. */
export type CommandInfo = {
  readonly name: string
  readonly summary: string
  /** `route NETNS DST [--from IP]`. */
  readonly usage: string
  /** What its words are: choices, or what kind of name stands there. */
  readonly words: readonly (readonly string[] | NamesIn | 'text')[]
  readonly options: readonly {
    /** `--from`. */
    readonly name: string
    readonly summary: string
    /** null: it stands alone. */
    readonly value: readonly string[] | NamesIn | 'text' | null
  }[]
}
