/** The text of a file of networks as YAML 1.2 or JSON (which is YAML), with the place of everything in it. */
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { Document, Node, Pair, YAMLError } from 'yaml'

/** What of a document was asked for: keys of maps, numbers of list members. */
export type Path = readonly (string | number)[]

export type Problem = {
  /** Offset in the text. */
  readonly at: number
  readonly says: string
}

export type Source = {
  /** Plain JSON. */
  readonly value: unknown
  /** Of what is there; else of the nearest thing around it. `key`: the name of a member instead of what it is. */
  readonly offsetOf: (path: Path, key?: boolean) => number
  /** The first scalar at or below a path that is this text; null: there is none. */
  readonly offsetOfText: (path: Path, text: string) => number | null
  /** From 1. */
  readonly lineOf: (offset: number) => { readonly line: number; readonly column: number }
}

/** More would be a bomb: an alias of aliases of aliases grows with each of them. */
const mostAliases = 100

export type Parsed =
  | { readonly ok: true; readonly source: Source }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly lineOf: Source['lineOf'] }

export function parseSource(text: string): Parsed {
  const lines = new LineCounter()
  const lineOf: Source['lineOf'] = (offset) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  // stringKeys: `10:` is a name, too, and nothing but text can be one.
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    stringKeys: true,
    prettyErrors: false,
    lineCounter: lines,
  })
  const found = [...document.errors, ...document.warnings]
  const broken = found.find(({ code }) => !apart.has(code))
  const problems =
    broken === undefined ? [...found.map(problemOf), ...oddities(document)] : [problemOf(broken)]
  if (problems.length > 0) return { ok: false, problems, lineOf }
  try {
    const value: unknown = document.toJS({ maxAliasCount: mostAliases })
    return {
      ok: true,
      source: {
        value,
        lineOf,
        offsetOf: (path, key = false) => offsetOf(document, path, key),
        offsetOfText: (path, wanted) => offsetOfText(nodeAt(document, path).node, wanted),
      },
    }
  } catch {
    return { ok: false, problems: [{ at: 0, says: 'has more aliases (*NAME) than are read' }], lineOf }
  }
}

/** Each is one mistake; after all others the rest of the text is understood otherwise than it was meant. */
const apart: ReadonlySet<string> = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED', 'NON_STRING_KEY'])

/** Words of the library where people would not know what to do. */
const plainer: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this name is there twice in the same place',
  MULTIPLE_DOCS: 'a second document begins here (---): one file is one document',
  RESOURCE_EXHAUSTION: 'this is nested too deep',
  TAB_AS_INDENT: 'a tab cannot indent in YAML: use blanks',
  NON_STRING_KEY: 'a name must be text',
}

function problemOf({ code, message, pos }: YAMLError): Problem {
  const says = plainer[code] ?? message.replace(/^[A-Z]/, (letter) => letter.toLowerCase())
  return { at: pos[0], says }
}

/** What is YAML and still cannot be meant. */
function oddities(document: Document): readonly Problem[] {
  const problems: Problem[] = []
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined)
        problems.push({ at: startOf(alias), says: `there is no anchor &${alias.source} before this` })
    },
    Pair: (_, { key }) => {
      // What JavaScript would take for something else, and a schema leaves out without a word.
      if (isScalar(key) && key.value === '__proto__')
        problems.push({ at: startOf(key), says: 'nothing can be called __proto__' })
    },
  })
  return problems
}

function startOf(node: unknown): number {
  return (node as Node | null | undefined)?.range?.[0] ?? 0
}

type At = { readonly node: unknown; readonly pair: Pair | null }

/** The nearest that there is. */
function nodeAt(document: Document, path: Path): At {
  let at: At = { node: document.contents, pair: null }
  for (const part of path) {
    const inside = isAlias(at.node) ? at.node.resolve(document) : at.node
    if (isMap(inside)) {
      const pair = inside.items.find(({ key }) => isScalar(key) && key.value === String(part))
      if (pair === undefined) return at
      at = { node: pair.value ?? pair.key, pair }
    } else if (isSeq(inside) && typeof part === 'number' && inside.items[part] !== undefined) {
      const item = inside.items[part]
      at = { node: isPair(item) ? item.value : item, pair: null }
    } else return at
  }
  return at
}

function offsetOf(document: Document, path: Path, key: boolean): number {
  const { node, pair } = nodeAt(document, path)
  return startOf(key && pair !== null ? pair.key : node)
}

function offsetOfText(node: unknown, text: string): number | null {
  let found: number | null = null
  if (typeof node !== 'object' || node === null) return null
  visit(node as Node, {
    Scalar: (_, scalar) => {
      if (String(scalar.value) !== text) return undefined
      found = startOf(scalar)
      return visit.BREAK
    },
  })
  return found
}
