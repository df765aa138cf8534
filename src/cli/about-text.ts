import { isUnknown } from '../model/known.ts'
import type { ToolFacts } from '../source.ts'
import { clean } from './clean.ts'
import { columns } from './columns.ts'
import type { Style } from './style.ts'

export function aboutText({ tool, hostName, kernel, arch, at }: ToolFacts, style: Style): readonly string[] {
  const { terminal } = tool
  const size = terminal.columns === null ? '' : ` ${terminal.columns}×${terminal.rows ?? '?'}`
  const rows: readonly (readonly [string, string])[] = [
    ['vethscope', clean(tool.version)],
    ...(at === null ? [] : [['written', clean(at)] as const]),
    ['host', `${clean(hostName)}, Linux ${clean(kernel)} ${clean(arch)}`],
    ['node', clean(tool.node)],
    ['reader', `${clean(tool.reader.name)}: ${clean(tool.reader.why)}`],
    ...tool.optional.map(({ name, loaded }) => [clean(name), clean(loaded)] as const),
    ['user', tool.uid === 0 ? 'root' : `uid ${tool.uid}`],
    [
      'capabilities',
      isUnknown(tool.capabilities)
        ? clean(tool.capabilities)
        : tool.capabilities.map((each) => clean(each)).join(' ') || 'none',
    ],
    [
      'terminal',
      `${clean(terminal.term, 'none')}, ${terminal.colours} colours, ${terminal.utf8 ? 'UTF-8' : 'not UTF-8'}${size}`,
    ],
    ...tool.tools.map(
      ({ name, path, version }) =>
        [
          clean(name),
          path === null ? 'not found' : `${clean(version, 'version unknown')}  ${clean(path)}`,
        ] as const,
    ),
  ]
  return columns(rows.map(([name, text]) => [{ text: name, shown: style.paint('dim', name) }, { text }]))
}
