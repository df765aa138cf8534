/**
 * blessed's attributes of a cell, packed into a number (screen.js, `attrCode`): ground in bits 0–8, colour in bits
 * 9–17, flags from bit 18 on; 511 is the terminal's own colour.
 */
const own = 0x1ff
const bold = 1
const underline = 2
const inverse = 8

export const attribute = {
  plain: (own << 9) | own,
  /** What of it a space shows: its ground, and the colour only where that is the line under it or, inverse, the ground. */
  ground: (attributes: number): number =>
    ((attributes >> 18) & (underline | inverse)) === 0 ? attributes & own : attributes,
} as const

/** The shortest `CSI … m` from one to the other: what differs, or a reset and all of the new one. */
export function sgrBetween(from: number, to: number, reduce: (color: number) => number): string {
  if (from === to) return ''
  const [fromFlags, toFlags] = [from >> 18, to >> 18]
  const changed = fromFlags ^ toFlags
  const codes: string[] = []
  for (const [flag, on, off] of flagCodes) {
    if ((changed & flag) !== 0) codes.push((toFlags & flag) !== 0 ? on : off)
  }
  const [fromColour, toColour] = [(from >> 9) & own, (to >> 9) & own]
  if (fromColour !== toColour) codes.push(colourCode(toColour, reduce, 30))
  const [fromGround, toGround] = [from & own, to & own]
  if (fromGround !== toGround) codes.push(colourCode(toGround, reduce, 40))
  const step = codes.join(';')
  const anew = from === attribute.plain || to === from ? step : afresh(to, reduce)
  return `\x1b[${anew.length < step.length ? anew : step}m`
}

const flagCodes = [
  [bold, '1', '22'],
  [underline, '4', '24'],
  [inverse, '7', '27'],
] as const

/** An empty first number is a zero: everything off. */
function afresh(to: number, reduce: (color: number) => number): string {
  if (to === attribute.plain) return ''
  return `;${sgrBetween(attribute.plain, to, reduce).slice(2, -1)}`
}

/** `base` 30 is the colour, 40 the ground; the sixteen first have short names. */
function colourCode(colour: number, reduce: (color: number) => number, base: 30 | 40): string {
  if (colour === own) return String(base + 9)
  const reduced = reduce(colour)
  if (reduced < 8) return String(base + reduced)
  if (reduced < 16) return String(base + 60 + reduced - 8)
  return `${base + 8};5;${reduced}`
}
