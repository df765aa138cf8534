import type { AboutShape } from '../command/program.ts'
import { isUnknown } from '../model/known.ts'
import { clean, counted } from './clean.ts'
import type { Style } from './style.ts'
import { definitions } from './wrap.ts'

export function aboutText(tool: AboutShape, style: Style): readonly string[] {
  const { terminal, hostName, kernel, arch, at } = tool
  const missing = tool.tools.filter(({ path }) => path === null).map(({ name }) => clean(name))
  const size = terminal.columns === null ? '' : ` ${terminal.columns}×${terminal.rows ?? '?'}`
  const rows: readonly (readonly [string, string])[] = [
    ['vethscope', clean(tool.version)],
    ...(at === null ? [] : [['written', clean(at)] as const]),
    ['host', `${clean(hostName)}, Linux ${clean(kernel)} ${clean(arch)}`],
    ['node', clean(tool.node)],
    ['reader', `${clean(tool.reader.name)}: ${clean(tool.reader.why)}`],
    ...tool.optional.map(({ name, loaded }) => [clean(name), clean(loaded)] as const),
    ...enginesRows(tool),
    ['config file', `${clean(tool.config.file, 'nowhere')}: ${configState(tool.config.state)}`],
    ['theme', clean(tool.theme)],
    ['own themes', clean(tool.paths.themes, 'nowhere')],
    ['logs, reports', clean(tool.paths.state, 'nowhere')],
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
    ...tool.tools.flatMap(({ name, path, version }) =>
      path === null ? [] : [[clean(name), `${clean(path)}  ${clean(version, 'version unknown')}`] as const],
    ),
    ...(missing.length === 0 ? [] : [['not installed', missing.join(' ')] as const]),
  ]
  return definitions(rows.map(([name, text]) => [{ text: name, shown: style.paint('dim', name) }, text]))
}

type Row = readonly [string, string]

function enginesRows({ engines }: AboutShape): readonly Row[] {
  if (isUnknown(engines)) return [['engines', clean(engines)]]
  if (engines.length === 0) return [['engines', 'none']]
  return engines.map(({ engine, endpoint, version, containers }): Row => {
    const inside = isUnknown(containers) ? clean(containers) : counted(containers, 'container')
    return [
      clean(engine),
      `${[clean(version, ''), clean(endpoint, '')].filter((part) => part !== '').join(' at ')}: ${inside}`,
    ]
  })
}

function configState(state: AboutShape['config']['state']): string {
  if (typeof state !== 'string') return clean(state)
  if (state === 'out of reach')
    return 'out of reach (a folder above may not be searched): as if there were none'
  return state === 'none' ? 'not there' : state
}
