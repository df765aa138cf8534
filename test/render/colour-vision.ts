/** How colours are seen: contrast (WCAG 2), and what is left of them without one kind of cone (Machado 2009, severity 1). */
import { labOf, linear, type Rgb } from '../../src/tui/palette.ts'

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map(linear) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** From 1 (alike) to 21 (black on white). */
export function contrast(one: Rgb, other: Rgb): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}

const matrices = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
} as const
export type Blindness = keyof typeof matrices

export function seenWith(blindness: Blindness, rgb: Rgb): Rgb {
  const light = rgb.map(linear)
  return matrices[blindness].map((row) => {
    const sum = row.reduce((total, part, at) => total + part * (light[at] ?? 0), 0)
    const part = Math.min(1, Math.max(0, sum))
    return 255 * (part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055)
  }) as unknown as Rgb
}

/** ΔE (CIE 1976): 2 is just to be noticed side by side. */
export function difference(one: Rgb, other: Rgb): number {
  const [a, b] = [labOf(one), labOf(other)]
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}
