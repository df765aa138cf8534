/**
 * A line of a frame → text with SGR escapes, exactly as wide as its region. Roles become colours here and nowhere
 * else. Whatever a span holds, no control character and nothing of unsure width gets past this place.
 */
import { cut, drawable, width } from '../../lib/width.ts'
import type { Line, Look, Role } from '../frame.ts'
import type { Style, Theme } from '../theme.ts'
import { toAscii } from '../../lib/to-ascii.ts'
import { lookAtDepth, type ColourDepth } from '../theme-depth.ts'
import { groundedStyle } from '../theme-preview.ts'
import { sgrOf } from './sgr.ts'

export type Paint = {
  /** `CSI … m` for each role, plain and on a selected line; empty: the terminal's own look. */
  readonly sgr: Readonly<Record<Role, string>>
  readonly selected: Readonly<Record<Role, string>>
  /** `CSI … m` of text that has a look of its own. */
  readonly own: (look: Look) => string
  readonly ascii: boolean
}

/** Too faint to be read on the selection's ground. */
const quiet: ReadonlySet<Role> = new Set(['dim', 'border'])
const reset = '\x1b[m'

export function paintOf(theme: Theme, ascii: boolean, depth: ColourDepth = 256): Paint {
  const entries = Object.entries(theme.roles) as [Role, Style][]
  const table = (styleOf: (role: Role, style: Style) => Style) =>
    Object.fromEntries(entries.map(([role, style]) => [role, sgrOf(styleOf(role, style))])) as Record<
      Role,
      string
    >
  return {
    sgr: table((role) => groundedStyle(theme, role)),
    selected: table((role, style) => onSelection(role, style, theme)),
    own: ownLook(theme, depth),
    ascii,
  }
}

/** A theme without colours has none of a shell's either. */
function ownLook(theme: Theme, depth: ColourDepth): Paint['own'] {
  const text = groundedStyle(theme, 'text')
  const hasColours = Object.values(theme.roles).some(({ fg, bg }) => fg !== undefined || bg !== undefined)
  const known = new WeakMap<Look, string>()
  return (look) => {
    let sgr = known.get(look)
    if (sgr === undefined) {
      const { fg: _fg, bg: _bg, ...marks } = look
      sgr = sgrOf({ ...text, ...(hasColours ? lookAtDepth(look, depth) : marks) })
      known.set(look, sgr)
    }
    return sgr
  }
}

/** What has a ground of its own (a match, a fault) keeps it: its colour was chosen for that ground. */
function onSelection(role: Role, style: Style, { roles }: Theme): Style {
  if (style.bg !== undefined) return style
  return { ...roles.text, ...(quiet.has(role) ? {} : style), ...roles.selection }
}

export function paintLine(line: Line | undefined, columns: number, paint: Paint): string {
  const looks = line?.selected === true ? paint.selected : paint.sgr
  let out = ''
  let look = ''
  let room = columns
  const put = (text: string, wanted: string) => {
    if (wanted !== look) {
      if (look !== '') out += reset
      out += wanted
      look = wanted
    }
    out += text
  }
  for (const span of line?.spans ?? []) {
    if (room <= 0) break
    const drawn = paint.ascii ? toAscii(drawable(span.text)) : drawable(span.text)
    const text = cut(drawn, room, '')
    put(text, span.look === undefined ? looks[span.role] : paint.own(span.look))
    room -= width(text)
  }
  if (room > 0) put(' '.repeat(room), looks.text)
  return look === '' ? out : out + reset
}
