/** blessed's files that are loaded by themselves, as far as blessed-screen.ts uses them. Its types know only the whole. */
declare module 'blessed/lib/widgets/screen.js' {
  import type { BlessedScreen } from './blessed-screen.ts'
  const Screen: new (options: object) => BlessedScreen
  // oxlint-disable-next-line import/no-default-export -- how a CommonJS file is seen from here
  export default Screen
}

declare module 'blessed/lib/widgets/box.js' {
  import type { BlessedBox } from './blessed-screen.ts'
  const Box: new (options: object) => BlessedBox
  // oxlint-disable-next-line import/no-default-export -- as above
  export default Box
}

declare module 'blessed/lib/colors.js' {
  const colors: { reduce(color: number, total: number): number }
  // oxlint-disable-next-line import/no-default-export -- as above
  export default colors
}

declare module 'blessed/lib/tput.js' {
  /** What a capability of the terminal's description comes to, given its parameters. */
  type Capability = (this: unknown, parameters: readonly unknown[]) => string
  type Compile = (this: unknown, info: object, key: string, value: unknown) => unknown
  const Tput: { readonly prototype: { _compile: Compile; _prefix: (term: string) => string } }
  export type { Capability, Compile }
  // oxlint-disable-next-line import/no-default-export -- as above
  export default Tput
}
