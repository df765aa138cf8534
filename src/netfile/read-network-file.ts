/** A file of networks, from its text: everything that is wrong with it is said at once, each with line and column. */
import { failed, succeeded, type Failure, type Outcome } from '../lib/failure.ts'
import { sanitise } from '../lib/sanitise.ts'
import { networkFileSchema, type NetworkFile } from '../model/network-file.ts'
import { contradictions } from './contradictions.ts'
import { parseSource, type Path, type Source } from './document.ts'
import { saysOf } from './problem-text.ts'

/** Bytes. 1,000 nodes take some 100 KiB. */
const longest = 1024 * 1024

/** So many are said; one mistake may be made in each of hundreds of nodes. */
const mostProblems = 20

export type ReadFile = {
  readonly file: NetworkFile
  /** The same failure with FILE:LINE:COLUMN in front, where it says what of the file it is about (Failure.path). */
  readonly placed: (failure: Failure) => Failure
}

/** `name`: of the file, for messages. */
export function readNetworkFile(text: string, name: string): Outcome<NetworkFile> {
  const read = readWithPlaces(text, name)
  return read.ok ? succeeded(read.value.file) : read
}

export function readWithPlaces(text: string, name: string): Outcome<ReadFile> {
  const bytes = Buffer.byteLength(text)
  if (bytes > longest)
    return failed(
      wrong(
        name,
        `${sanitise(name)} has more than ${longest / 1024 / 1024} MiB: that is no file of networks`,
      ),
    )
  const parsed = parseSource(text)
  if (!parsed.ok) {
    return all(
      name,
      parsed.problems.map(({ at, says }) =>
        wrong(name, `${placeOf(name, parsed.lineOf(at))} ${sanitise(says)}`),
      ),
    )
  }
  const { source } = parsed
  const { value } = source
  if (value === null || value === undefined)
    return failed(
      wrong(
        name,
        `${placeOf(name, { line: 1, column: 1 })} the file is empty`,
        'it begins with vethscope: 1',
      ),
    )
  const at = (path: Path, says: string, key = false): Failure =>
    wrong(name, `${placeOf(name, source.lineOf(source.offsetOf(path, key)))} ${says}`)
  const checked = networkFileSchema.safeParse(value)
  if (!checked.success) {
    const said = checked.error.issues.flatMap((issue) => saysOf(issue, value))
    return all(
      name,
      inOrder(source, said).map(({ path, key, says }) => at(path, says, key)),
    )
  }
  const against = contradictions(checked.data)
  if (against.length > 0)
    return all(
      name,
      inOrder(source, against).map(({ path, says }) => at(path, says)),
    )
  return succeeded({ file: checked.data, placed: (failure) => placed(source, name, failure) })
}

/** As they stand in the file. */
function inOrder<T extends { readonly path: Path; readonly key?: boolean }>(
  source: Source,
  said: readonly T[],
): readonly T[] {
  const offset = ({ path, key }: T): number => source.offsetOf(path, key)
  return said.toSorted((a, b) => offset(a) - offset(b))
}

/** The subject is often what was written, word for word: then that is the place. */
function placed(source: Source, name: string, failure: Failure): Failure {
  const { path, subject } = failure
  if (path === undefined) return failure
  const exact = subject === undefined ? null : source.offsetOfText(path, subject)
  const where = placeOf(name, source.lineOf(exact ?? source.offsetOf(path, true)))
  return { ...failure, what: `${where} ${failure.what}` }
}

/** `lab.yaml:3:5:`. */
function placeOf(name: string, { line, column }: { readonly line: number; readonly column: number }): string {
  return `${sanitise(name)}:${line}:${column}:`
}

function wrong(name: string, what: string, hint?: string): Failure {
  return { kind: 'usage', what, subject: name, ...(hint === undefined ? {} : { hint }) }
}

function all(name: string, failures: readonly Failure[]): { readonly ok: false; readonly failure: Failure } {
  const shown = failures.slice(0, mostProblems)
  const [first = wrong(name, `${sanitise(name)} cannot be read`), ...others] = shown
  const more = failures.length - shown.length
  const rest = more === 0 ? [] : [wrong(name, `and ${more} more like these`)]
  return failed(others.length + rest.length === 0 ? first : { ...first, others: [...others, ...rest] })
}
