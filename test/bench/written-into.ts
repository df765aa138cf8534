/** Puts tables into a page, each group between its marks `<!-- bench rules -->` and `<!-- /bench rules -->`. */
import { readFileSync, writeFileSync } from 'node:fs'

export function writtenInto(
  file: string,
  measured: readonly { readonly group: string; readonly text: string }[],
  when: string,
): void {
  let page = readFileSync(file, 'utf8')
  for (const group of new Set(measured.map((each) => each.group))) {
    const tables = measured.filter((each) => each.group === group).map(({ text }) => text)
    page = betweenMarks(page, group, `${when}\n\n${tables.join('\n\n')}`)
  }
  writeFileSync(file, page)
}

/** The page with another text between the marks of this group. */
export function betweenMarks(page: string, group: string, text: string): string {
  const [begin, end] = [`<!-- bench ${group} -->`, `<!-- /bench ${group} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`no place for ${group}: ${begin} … ${end} is missing`)
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`
}
