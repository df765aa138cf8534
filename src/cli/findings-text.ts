/** Findings for people: each a sentence, its evidence, and the command that shows the same. */
import type { FindingShape, UncheckedShape } from '../command/shapes.ts'
import { clean, counted } from './clean.ts'
import type { Style } from './style.ts'
import { lineColumns, wrap } from './wrap.ts'

const marks = { fault: '!!', risk: '! ', note: '  ' } as const
const indent = '       '

export function findingsText(
  found: readonly (FindingShape | UncheckedShape)[],
  style: Style,
): readonly string[] {
  const findings = found.flatMap((each) => ('unknown' in each ? [] : [each]))
  const unchecked = found.flatMap((each) => ('unknown' in each ? [each] : []))
  return [
    ...(findings.length === 0
      ? ['nothing is visibly wrong']
      : findings.flatMap((each) => findingText(each, style))),
    ...uncheckedText(unchecked),
  ]
}

/** Often one reason keeps several checks from being made in many namespaces. */
function uncheckedText(unchecked: readonly UncheckedShape[]): readonly string[] {
  const alike = new Map<string, { readonly ids: Set<string>; readonly names: Set<string> }>()
  for (const { id, netns, unknown } of unchecked) {
    const group = alike.get(unknown) ?? { ids: new Set(), names: new Set() }
    group.ids.add(id)
    group.names.add(netns.name)
    alike.set(unknown, group)
  }
  return [...alike].flatMap(([reason, { ids, names }]) => {
    const where =
      names.size <= 3 ? [...names].map((name) => clean(name)).join(', ') : counted(names.size, 'namespace')
    const text = `?      not checked in ${where}: ${clean(reason)} (${[...ids].join(', ')})`
    return wrap(text).map((line, at) => (at === 0 ? line : `${indent}${line}`))
  })
}

function findingText(finding: FindingShape, style: Style): readonly string[] {
  const { id, severity, says, evidence, command } = finding
  const [first = '', ...rest] = wrap(clean(says), lineColumns - indent.length)
  const colour = severity === 'fault' ? 'red' : severity === 'risk' ? 'yellow' : 'dim'
  return [
    `${style.paint(colour, `${marks[severity]} ${id}`)} ${first}`,
    ...rest.map((line) => `${indent}${line}`),
    ...evidence.map((fact) => `${indent}${clean(fact)}`),
    `${indent}${style.paint('dim', `$ ${clean(command)}`)}`,
  ]
}
