/** Each theme with all of its roles, drawn as the screen draws them. */
import type { RoleSample, ThemeFacts } from '../command/program.ts'
import type { Failure } from '../lib/failure.ts'
import { width } from '../lib/width.ts'
import { clean } from './clean.ts'
import type { Style } from './style.ts'
import { lineColumns, wrap } from './wrap.ts'

type Told = { readonly themes: readonly ThemeFacts[]; readonly trouble: Failure | null }

export function themesText({ themes, trouble }: Told, style: Style): readonly string[] {
  const shown = themes.flatMap(({ shape, preview }, at) => {
    const { name, title, file, inUse } = shape
    const place = file === null ? '' : `  ${clean(file)}`
    const head = `${style.paint('bold', clean(name))}${inUse ? ' (in use)' : ''}  ${clean(title)}${place}`
    const rows = preview.ok ? sampleRows(preview.value, style) : []
    return [...(at === 0 ? [] : ['']), head, ...rows]
  })
  if (trouble === null) return shown
  const { what, hint } = trouble
  const sentence = `The screen does not open: ${clean(hint === undefined ? what : `${what}; ${hint}`)}`
  return [...shown, '', ...wrap(sentence).map((line) => style.paint('yellow', line))]
}

function sampleRows(samples: readonly RoleSample[], style: Style): readonly string[] {
  const cells = samples.map(({ role, sample, sgr }) => {
    const text = ` ${style.unicode ? sample : sample.replaceAll('─', '-')} `
    // Asked of the style, which knows whether colours are wanted at all.
    const isPlain = style.paint('bold', 'x') === 'x'
    const shown = isPlain || sgr === '' ? text : `${sgr}${text}\x1b[m`
    return { label: role, text, shown }
  })
  const labels = Math.max(...cells.map(({ label }) => width(label)))
  const texts = Math.max(...cells.map(({ text }) => width(text)))
  const across = Math.max(1, Math.floor(lineColumns / (labels + texts + 4)))
  const rows: string[] = []
  for (let at = 0; at < cells.length; at += across) {
    const row = cells.slice(at, at + across).map(({ label, text, shown }) => {
      const padding = ' '.repeat(texts - width(text))
      return `  ${label.padEnd(labels)} ${shown}${padding}`
    })
    rows.push(row.join('').trimEnd())
  }
  return rows
}
