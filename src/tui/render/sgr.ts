import type { Style } from '../theme.ts'

/** `CSI … m`; empty for the terminal's own look. */
export function sgrOf(style: Style): string {
  const codes = [
    ...(style.bold === true ? ['1'] : []),
    ...(style.underline === true ? ['4'] : []),
    ...(style.inverse === true ? ['7'] : []),
    ...(style.fg === undefined ? [] : [`38;5;${style.fg}`]),
    ...(style.bg === undefined ? [] : [`48;5;${style.bg}`]),
  ]
  return codes.length === 0 ? '' : `\x1b[${codes.join(';')}m`
}
