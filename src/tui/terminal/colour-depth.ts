/** How many colours the terminal has: what it says of itself (COLORTERM), its name, and then its terminfo description. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ColourDepth } from '../theme-depth.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Where nothing tells, 256: that is what has been sold since 1999. */
export function colourDepth(
  env: Env,
  terminfo: (term: string) => Buffer | null = (name) => descriptionOf(name, env),
): ColourDepth {
  const term = env['TERM'] ?? ''
  // The console, and serial ones: blessed draws on them with eight.
  if (/^(?:linux|vt\d)/.test(term)) return 8
  if (
    /^(?:truecolor|24bit)$/.test(env['COLORTERM'] ?? '') ||
    /256color|direct|kitty|alacritty|foot|ghostty/.test(term)
  ) {
    return 256
  }
  if (term.includes('16color')) return 16
  if (term === '' || !/^[\w.+-]+$/.test(term)) return 256
  const description = terminfo(term)
  const colours = description === null ? null : maxColors(description)
  if (colours === null || colours >= 256) return 256
  return colours >= 16 ? 16 : 8
}

const systemFolders = ['/etc/terminfo', '/lib/terminfo', '/usr/share/terminfo', '/usr/lib/terminfo']

function descriptionOf(name: string, { TERMINFO, HOME }: Env): Buffer | null {
  const own = HOME === undefined ? [] : [join(HOME, '.terminfo')]
  const folders = [...(TERMINFO === undefined ? [] : [TERMINFO]), ...own, ...systemFolders]
  for (const folder of folders) {
    // Where file names know no capital letters, the folder is the letter's number.
    for (const letter of [name.charAt(0), name.charCodeAt(0).toString(16)]) {
      try {
        return readFileSync(join(folder, letter, name))
      } catch {
        // The next one may have it.
      }
    }
  }
  return null
}

const magic16 = 0o432
const magic32 = 0o1036
/** `colors` is the fourteenth number (term.h, NCURSES max_colors). */
const colorsAt = 13

/** term(5): magic, sizes of names, booleans, numbers …; then these sections, numbers beginning at an even byte. */
function maxColors(file: Buffer): number | null {
  if (file.length < 12) return null
  const magic = file.readInt16LE(0)
  if (magic !== magic16 && magic !== magic32) return null
  const size = magic === magic32 ? 4 : 2
  const [names, booleans, numbers] = [file.readInt16LE(2), file.readInt16LE(4), file.readInt16LE(6)]
  const from = 12 + names + booleans
  const at = from + (from % 2) + colorsAt * size
  if (numbers <= colorsAt || at + size > file.length) return null
  return size === 4 ? file.readInt32LE(at) : file.readInt16LE(at)
}
