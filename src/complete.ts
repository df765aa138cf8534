/**
 * `vethscope __complete KIND [ENGINE [NETNS]]`: what the shells' completions ask (cli/completion), one name a line. Composition only. Quick, and silent about
 * whatever goes wrong: a person is in the middle of a line.
 */
import { netDrivers } from './command/engine-option.ts'
import { nameKinds, type NameKind } from './command/program.ts'
import { loadConfig } from './config/load-config.ts'
import { plainNames } from './cli/completion/plain-names.ts'
import { write } from './cli/write.ts'

/** Since the process began: who presses Tab waits for all of it, Node's own start too. */
const completionMs = 220

async function namesOf(
  kind: NameKind,
  engine: string | undefined,
  netns: string | undefined,
): Promise<readonly string[]> {
  if (kind === 'drivers') return driversOf(engine)
  if (kind === 'themes') {
    const { listThemes } = await import('./tui/themes.ts')
    return listThemes(process.env).map(({ name }) => name)
  }
  const [{ quickNames }, config] = await Promise.all([
    import('./collect/quick-names.ts'),
    loadConfig(process.env),
  ])
  const sockets = config.ok ? config.value.config.sockets : undefined
  return quickNames(kind, completionMs, { sockets, engine, netns })
}

function driversOf(engine: string | undefined): readonly string[] {
  const own = Object.entries(netDrivers).flatMap(([name, drivers]) => (name === engine ? drivers : []))
  return own.length > 0 ? own : [...new Set(Object.values(netDrivers).flat())]
}

// Empty: none was typed.
const [asked, engine, netns] = process.argv.slice(3).map((word) => (word === '' ? undefined : word))
const kind = nameKinds.find((each) => each === asked)
const all = kind === undefined ? [] : await namesOf(kind, engine, netns).catch(() => [])
await write(
  process.stdout,
  plainNames(all)
    .map((name) => `${name}\n`)
    .join(''),
)
// Readers leave handles open.
process.exit(0)
