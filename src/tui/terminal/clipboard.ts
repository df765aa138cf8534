/**
 * OSC 52: the terminal puts text into the clipboard of the machine it runs on, also over SSH. tmux and screen pass it on
 * only wrapped (tmux: `allow-passthrough`, or by itself with `set-clipboard on`, so it gets both).
 */

/** xterm takes no more than about 75 kB of base64. */
const mostBytes = 54_000

export function clipboardSequence(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const bytes = Buffer.from(text)
  const plain = `\x1b]52;c;${bytes.subarray(0, mostBytes).toString('base64')}\x07`
  if (has(env['TMUX'])) return `${plain}\x1bPtmux;${plain.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`
  if (has(env['STY'])) return inScreen(plain)
  return plain
}

function has(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}

/** GNU screen passes 768 bytes of a string on at a time. */
function inScreen(sequence: string): string {
  const pieces = sequence.match(/[\s\S]{1,700}/g) ?? []
  return pieces.map((piece) => `\x1bP${piece}\x1b\\`).join('')
}
