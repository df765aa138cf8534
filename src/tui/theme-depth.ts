/**
 * A theme on a terminal with 16 or 8 colours. The colour that is nearest in sight would be grey for most pastels, so hue
 * decides first and lightness then; roles that would look alike although they must not get an attribute to tell them apart.
 */
import type { Look, Role } from './frame.ts'
import { labOf, rgbOf } from './palette.ts'
import type { Style, Theme } from './theme.ts'

export type ColourDepth = 256 | 16 | 8

/** In each group every one has to look different from every other. */
export const apart: readonly (readonly Role[])[] = [
  ['link.up', 'link.down', 'unreadable', 'gone'],
  ['rule.accept', 'rule.drop'],
  ['text', 'finding.fault', 'finding.risk', 'link.down', 'error'],
  ['text', 'match', 'selection', 'changed', 'gone'],
  ['border', 'border.focus'],
  ['text', 'key', 'unreadable'],
]

export function atDepth(theme: Theme, depth: ColourDepth): Theme {
  if (depth === 256) return theme
  const ground = theme.ground === undefined ? undefined : reduced(theme.ground, depth, true)
  const entries = Object.entries(theme.roles) as [Role, Style][]
  const roles = Object.fromEntries(entries.map(([role, style]) => [role, reducedStyle(style, ground, depth)]))
  return {
    ...theme,
    ...(ground === undefined ? {} : { ground }),
    roles: toldApart(roles as Record<Role, Style>, theme),
  }
}

function reducedStyle(style: Style, ground: number | undefined, depth: 16 | 8): Style {
  const bg = style.bg === undefined ? undefined : reduced(style.bg, depth, true)
  let fg = style.fg === undefined ? undefined : reduced(style.fg, depth, false)
  // What was chosen to be read on its ground must not become that ground.
  if (fg !== undefined && fg === (bg ?? ground)) fg = lightness(fg) > 50 ? 0 : depth === 16 ? 15 : 7
  return { ...style, ...(fg === undefined ? {} : { fg }), ...(bg === undefined ? {} : { bg }) }
}

const grey = 14
const lightness = (index: number): number => labOf(rgbOf(index))[0]

/** A shell's colours on such a terminal. */
export function lookAtDepth(look: Look, depth: ColourDepth): Look {
  if (depth === 256) return look
  const { fg, bg } = look
  return {
    ...look,
    ...(fg === undefined ? {} : { fg: reduced(fg, depth, false) }),
    ...(bg === undefined ? {} : { bg: reduced(bg, depth, true) }),
  }
}

/** As one of the terminal's own: 1–6 are red, green, yellow, blue, magenta, cyan, from 9 on the same ones brighter. */
function reduced(index: number, depth: 16 | 8, isGround: boolean): number {
  if (index < depth) return index
  if (index < 16) return index === 8 && !isGround ? 7 : index - 8
  const [light, a, b] = labOf(rgbOf(index))
  if (Math.hypot(a, b) < grey) return greyOf(light, depth, isGround)
  const hue = Math.atan2(b, a)
  const turn = (of: number): number => {
    const [, otherA, otherB] = labOf(rgbOf(of))
    const between = Math.abs(Math.atan2(otherB, otherA) - hue)
    return Math.min(between, 2 * Math.PI - between)
  }
  const base = [1, 2, 3, 4, 5, 6].reduce((best, each) => (turn(each) < turn(best) ? each : best))
  // A ground stays dark where it was: bright grounds blink on some consoles.
  return depth === 16 && !isGround && light > 55 ? base + 8 : base
}

function greyOf(light: number, depth: 16 | 8, isGround: boolean): number {
  if (light < 20) return 0
  if (depth === 8) return isGround && light < 50 ? 0 : 7
  if (light < 60) return 8
  return light < 95 ? 7 : 15
}

/** Attributes that a role may get, the least conspicuous first. */
const marks: readonly (Partial<Style> & object)[] = [
  { bold: true },
  { underline: true },
  { bold: true, underline: true },
  { inverse: true },
]

function toldApart(roles: Readonly<Record<Role, Style>>, whole: Theme): Readonly<Record<Role, Style>> {
  const given = { ...roles }
  for (const group of apart) {
    group.forEach((role, at) => {
      const before = group.slice(0, at)
      const isAlike = (style: Style): boolean =>
        before.some(
          (other) =>
            lookOf(given[other]) === lookOf(style) &&
            lookOf(whole.roles[other]) !== lookOf(whole.roles[role]),
        )
      if (!isAlike(given[role])) return
      const mark = marks.find((each) => !isAlike({ ...given[role], ...each }))
      if (mark !== undefined) given[role] = { ...given[role], ...mark }
    })
  }
  return given
}

/** Equal for two styles that cannot be told apart. */
export function lookOf({ fg, bg, bold = false, underline = false, inverse = false }: Style): string {
  return [fg ?? '-', bg ?? '-', bold, underline, inverse].join(' ')
}
