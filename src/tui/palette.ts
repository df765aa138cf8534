/** The 256 colours as xterm has them: what they look like, how far two are apart, how well one reads on another. */
export type Rgb = readonly [red: number, green: number, blue: number]
/** CIELAB, D65. */
export type Lab = readonly [lightness: number, a: number, b: number]

/** A user may have given the first sixteen other colours; these are xterm's own. */
const first: readonly Rgb[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
]

export function rgbOf(index: number): Rgb {
  const named = first[index]
  if (named !== undefined) return named
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232)
    return [grey, grey, grey]
  }
  const cube = index - 16
  const level = (step: number): number => (step === 0 ? 0 : 55 + 40 * step)
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)]
}

/** sRGB's transfer function: 0–255 → 0–1 of light. */
export function linear(value: number): number {
  const part = value / 255
  return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
}

export function labOf(rgb: Rgb): Lab {
  const [red, green, blue] = rgb.map(linear) as [number, number, number]
  const x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.950_47
  const y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  const z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.088_83
  const curve = (part: number): number => (part > 0.008_856 ? Math.cbrt(part) : 7.787 * part + 16 / 116)
  return [116 * curve(y) - 16, 500 * (curve(x) - curve(y)), 200 * (curve(y) - curve(z))]
}
