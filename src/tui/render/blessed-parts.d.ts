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

declare module 'blessed-contrib/lib/widget/charts/line.js' {
  import type { DotContext } from './dot-canvas.ts'
  type Drawing = {
    readonly ctx: DotContext
    /** In dots. */
    readonly canvasSize: { readonly width: number; readonly height: number }
    readonly options: object
  }
  type Data = {
    readonly title: string
    readonly x: readonly string[]
    readonly y: readonly number[]
    readonly style: { readonly line: string }
  }
  const Line: { readonly prototype: { setData(this: Drawing, data: readonly Data[]): void } }
  // oxlint-disable-next-line import/no-default-export -- as above
  export default Line
}

declare module 'blessed-contrib/lib/widget/sparkline.js' {
  type Drawing = {
    readonly options: { readonly style: { readonly titleFg: string } }
    readonly width: number
    setContent(text: string): void
  }
  const Sparkline: {
    readonly prototype: {
      setData(this: Drawing, titles: readonly string[], data: readonly (readonly number[])[]): void
    }
  }
  // oxlint-disable-next-line import/no-default-export -- as above
  export default Sparkline
}
