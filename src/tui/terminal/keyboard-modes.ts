/** What a terminal's keyboard sends for arrows (DECCKM) and for the keypad (DECKPAM, DECKPNM): xterm's ctlseqs. */
export type KeyboardModes = { readonly cursorKeys: boolean; readonly keypad: boolean }

/** As blessed sets them when it takes the terminal. */
export const screenModes: KeyboardModes = { cursorKeys: true, keypad: true }

export function keyboardModes({ cursorKeys, keypad }: KeyboardModes): string {
  return `\x1b[?1${cursorKeys ? 'h' : 'l'}\x1b${keypad ? '=' : '>'}`
}
