/** A file of networks as text: YAML for people, JSON for programs. What is the default is left out; short forms are used. */
import { Document, isMap, isScalar, isSeq, Scalar, visit, type Node } from 'yaml'
import { escapeJson, sanitise } from '../lib/sanitise.ts'
import type { NetworkFile } from '../model/network-file.ts'
import { misread } from './misread.ts'

export type WriteOptions = {
  readonly format: 'yaml' | 'json'
  /** Comments at the head, a line each; JSON has none. */
  readonly head?: readonly string[]
}

/** Ends with a line end. No character in it is one that a terminal would obey. */
export function networkFileText(file: NetworkFile, { format, head = [] }: WriteOptions): string {
  const short = shortened(file)
  if (format === 'json') return escapeJson(`${JSON.stringify(short, asObject, 2)}\n`)
  const document = new Document(short, { aliasDuplicateObjects: false })
  visit(document, {
    Scalar: (_, node) => quote(node),
    Seq: (_, node) => {
      node.flow = node.items.every((each) => isScalar(each)) && isShort(node)
    },
    Map: (_, node, path) => {
      // The file, its sections, and each thing in them have a line for each key.
      node.flow = path.filter((each) => isMap(each) || isSeq(each)).length >= sectionDepth && isShort(node)
    },
  })
  for (const pair of isMap(document.contents) ? document.contents.items.slice(1) : [])
    if (isScalar(pair.key)) pair.key.spaceBefore = true
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false, defaultStringType: 'PLAIN' })
  const comments = head.map((line) => (line === '' ? '#\n' : `# ${sanitise(line)}\n`))
  return [...comments, ...(head.length === 0 ? [] : ['\n']), escaped(text)].join('')
}

function asObject(_: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value
}

function shortened({ vethscope, networks, nodes, containers, links }: NetworkFile): object {
  return withoutUndefined({
    vethscope,
    networks: mapped(networks, ({ engine, driver, subnets, ...rest }) => ({
      engine: engine === 'lab' ? undefined : engine,
      driver: driver === 'bridge' ? undefined : driver,
      subnets: subnets?.map((subnet) => alone(subnet, 'subnet')),
      ...rest,
    })),
    nodes: mapped(nodes, ({ networks: connections, ...rest }) => ({
      ...(rest.mode === undefined ? {} : { mode: rest.mode }),
      networks: connections?.map((connection) => alone(connection, 'name')),
      ...rest,
    })),
    containers: mapped(containers, ({ engine, networks: connections }) => ({
      engine: engine === 'docker' ? undefined : engine,
      networks: connections.map((connection) => alone(connection, 'name')),
    })),
    links,
  }) as object
}

function mapped<T, U>(
  record: Readonly<Record<string, T>> | undefined,
  of: (value: T) => U,
): ReadonlyMap<string, U> | undefined {
  // A map keeps the order also of names that are numbers, and any name is only a name.
  return record === undefined
    ? undefined
    : new Map(Object.entries(record).map(([name, value]) => [name, of(value)]))
}

/** `{ subnet: X }` is X. */
function alone<K extends string>(value: { readonly [key in K]: string }, key: K): unknown {
  const others = Object.entries(value).filter(([name, each]) => name !== key && each !== undefined)
  return others.length === 0 ? value[key] : value
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (value instanceof Map)
    return new Map([...value].map(([name, each]) => [String(name), withoutUndefined(each)]))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) =>
      each === undefined ? [] : [[name, withoutUndefined(each)]],
    ),
  )
}

/** So many characters at most are one line. */
const mostInLine = 76

/** What is in the file's map, the section's and the thing's. */
const sectionDepth = 3

function isShort(node: Node): boolean {
  return lengthOf(node) <= mostInLine
}

/** As it would stand in one line. */
function lengthOf(node: unknown): number {
  if (isScalar(node)) return String(node.value).length
  if (isSeq(node)) return node.items.reduce<number>((sum, each) => sum + lengthOf(each) + 2, 0)
  if (!isMap(node)) return 0
  return node.items.reduce<number>((sum, { key, value }) => sum + lengthOf(key) + lengthOf(value) + 4, 0)
}

function quote(node: Scalar): void {
  if (typeof node.value === 'string' && misread(node.value)) node.type = Scalar.QUOTE_DOUBLE
}

/** What JSON.stringify left as it is, which stands in double quotes. */
function escaped(text: string): string {
  return text.replace(/[^\n]+/g, (line) =>
    line.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu, (character) => {
      const code = character.codePointAt(0) ?? 0
      if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
      return code <= 0xffff
        ? `\\u${code.toString(16).padStart(4, '0')}`
        : `\\U${code.toString(16).padStart(8, '0')}`
    }),
  )
}
