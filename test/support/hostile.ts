/** Text that strangers choose, made to break a terminal or what is drawn on it; and what of it must not get there. */
import { parseWorld } from '../../src/snapshot/parse-world.ts'

/** No slash, colon or space among them, so that those of at most 15 bytes can be names of links. */
export const hostileTexts = {
  title: '\x1b]0;owned\x07',
  clear: '\x1b[2J\x1b[H',
  oneByteCsi: '\x9b31mred\x9c',
  tags: '{bold}{red-fg}b',
  markup: '{|}{escape}{',
  rightToLeft: 'a\u202egnp.exe',
  isolates: '\u2066x\u2069\u200e\u200f',
  emoji: '🐳👩‍👧',
  flag: '🇩🇪1\ufe0f\u20e3',
  wide: '容器容器',
  combining: 'e\u0301\u0335\u0489o',
  zeroWidth: 'a\u200bb\ufeffc\u2060',
  deleted: 'rm\x7f\x08\x08ls',
  shifts: '\x0e\x0f\x1bc\x1b(0',
  separators: 'a\u2028b\u2029\x85c',
  long: 'x'.repeat(300),
} as const

/** Different texts stay different, so that ids still mean what they meant. */
export function hostile(text: string): string {
  const all = Object.values(hostileTexts)
  const pick = Buffer.from(text).reduce((sum, byte) => (sum * 31 + byte) % 9973, 7)
  return `${all[pick % all.length]}${text}${all[(pick * 7 + 3) % all.length]?.slice(0, 20)}`
}

type Change = (text: string, place: string) => string

/** Each text replaced; the place is its way from the root, such as `.netns[].links[].name`. */
function mapped(value: unknown, change: Change, place = ''): unknown {
  if (typeof value === 'string') return change(value, place)
  if (Array.isArray(value)) return value.map((each) => mapped(each, change, `${place}[]`))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, mapped(each, change, `${place}.${key}`)]),
  )
}

/** A recorded World in which every text that the schema leaves free is hostile, and where those stand. */
export function madeHostile(plain: unknown): { readonly world: unknown; readonly places: readonly string[] } {
  const accepted = (world: unknown) => parseWorld(structuredClone(world), 'test').ok
  const all = new Set<string>()
  mapped(plain, (text, place) => (all.add(place), text))
  // Ids are what others point at, so they change everywhere or nowhere.
  const isId = (place: string) => /^\.(host|init)$|(\.id|\.netns|\.netns\[\])$/.test(place)
  const ids = [...all].filter(isId)
  const changed = (places: ReadonlySet<string>) =>
    mapped(plain, (text, place) => (places.has(place) ? hostile(text) : text))
  /** Halved until what is refused stands alone: most are free. */
  const free = (places: readonly string[]): readonly string[] => {
    if (places.length === 0 || accepted(changed(new Set(places)))) return places
    if (places.length === 1) return []
    const middle = Math.floor(places.length / 2)
    return [...free(places.slice(0, middle)), ...free(places.slice(middle))]
  }
  const places = [...free([...all].filter((each) => !isId(each))), ...ids]
  return { world: changed(new Set(places)), places }
}

/** What moves the cursor or hides a letter: C0, DEL, C1, bidirectional and zero-width characters, line separators. */
export const harmful =
  /[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/

/** What was written to a terminal, without the sequences that the program itself uses to draw. */
export function drawn(raw: string): string {
  // The clipboard's (OSC 52) holds base64 only.
  return raw.replace(/\x1b(\[[0-9;?]*[A-Za-z]|[78=>]|\]52;c;[A-Za-z0-9+/=]*\x07)/g, '')
}
