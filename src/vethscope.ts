/** argv → what to run → exit code. The only place that knows all the parts. */
import { personAt } from './cli/change-person.ts'
import { exitCode, exitCodeBefore, exitCodeOfSignal } from './cli/exit-code.ts'
import { parse } from './cli/parse.ts'
import { teller } from './cli/probe/tell.ts'
import { printFailure, printResult, type Output } from './cli/print.ts'
import { progress, type Progress } from './cli/progress.ts'
import { inLocale } from './cli/style.ts'
import { write } from './cli/write.ts'
import { configFile, loadConfig, withoutConfig, type LoadedConfig } from './config/load-config.ts'
import { compileLater } from './lib/compile-later.ts'
import type { GlobalValues } from './command/global-options.ts'
import type { BecomeRequest, ScreenRequest } from './command/result.ts'
import { commands } from './command/table.ts'
import { writeCrashReport } from './lib/crash-report.ts'
import { debug, debugFd } from './lib/debug-log.ts'
import { succeeded } from './lib/failure.ts'
import { openProber, type Prober } from './probe/prober.ts'
import { ownProgram } from './program.ts'
import { changeBySelf } from './screen-changes.ts'
import { probeWith, runSelf, screenCommands } from './screen-commands.ts'
import type { OpenShell } from './tui/shell/shell-process.ts'
import { fileSource, liveSource, type SourceOptions } from './source.ts'

/** Put in by the build; from the sources there is none. */
const version = process.env['VETHSCOPE_VERSION'] ?? '0.0.0-source'

/** Most commands are through by then, and so is the first picture. */
const startMs = 2000
compileLater(startMs)

const output: Output = { stdout: process.stdout, stderr: process.stderr, env: process.env }

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parse(argv, commands, version)
  if (!parsed.ok) return printFailure(parsed.failure, { json: argv.includes('--json') }, output)
  if (parsed.value.type === 'print') {
    await write(process.stdout, inLocale(parsed.value.text, process.env))
    return exitCode.done
  }
  const { command, values, global } = parsed.value
  if (global.debug !== false) {
    const { openDebugFile } = await import('./debug-file.ts')
    const file = openDebugFile(global.debug, { version, argv, env: process.env })
    if (!file.ok) return printFailure(file.failure, global, output)
  }
  const config = global['no-config'] ? succeeded(withoutConfig(process.env)) : await loadConfig(process.env)
  if (!config.ok && command.needs !== 'nothing') return printFailure(config.failure, global, output)
  debug('config', config.ok ? config.value.state : config.failure.what)
  const ended = new AbortController()
  const signal = command.needs === 'screen' ? null : untilSignal(ended)
  const told = progress(process.stderr, 'reading network namespaces')
  const options: SourceOptions = {
    version,
    reader: global.reader ?? 'auto',
    host: global.host,
    sockets: config.ok ? config.value.config.sockets : undefined,
    signal: ended.signal,
    onProgress: told.report,
  }
  const open = (file: string) => fileSource(file, options)
  const source = global.from === undefined ? liveSource(options) : open(global.from)
  const program = ownProgram({ version, config, configFile: configFile(process.env), env: process.env })
  const tell = teller(global.json, output)
  // As large as all else together, and most commands change nothing.
  const changer = async (host = global.host) => {
    const { hostChanger } = await import('./changer.ts')
    const seenFrom = (signal: AbortSignal) =>
      global.from === undefined
        ? liveSource({ ...options, host, signal })
        : fileSource(global.from, { ...options, host })
    return hostChanger(host === global.host ? source : seenFrom(ended.signal), {
      whole: () => seenFrom(unending),
      env: process.env,
      self: [process.execPath, process.argv[1] ?? '', ...(host === undefined ? [] : ['--host', host])],
      signal: ended.signal,
      keepAlive,
    })
  }
  const deps = {
    source,
    open,
    program,
    prober,
    changer,
    person: personAt({ ...output, stdin: process.stdin, color: global.color, signal: ended.signal }),
    tell,
    signal: ended.signal,
    folder: process.cwd(),
  }
  const result = await command.run(deps, values)
  await opened?.close()
  const isScreen = result.ok && result.value.kind === 'screen'
  // The screen is still to look for its host.
  if (!isScreen) told.end()
  debug('command', `${command.name}: ${result.ok ? result.value.kind : result.failure.what}`)
  const came = signal?.()
  if (came !== undefined && came !== null) {
    // What was stopped tells what it came to.
    if (result.ok && (result.value.kind === 'probe' || result.value.kind === 'change'))
      await printResult(result.value, global, output)
    return exitCodeOfSignal(came)
  }
  if (!result.ok) {
    await printFailure(result.failure, global, output)
    return exitCodeBefore(result.failure, command.failsWith)
  }
  if (result.value.kind === 'screen') {
    return openScreen(result.value, global, config.ok ? config.value : withoutConfig(process.env), told)
  }
  if (result.value.kind === 'become') return become(result.value)
  return printResult(result.value, global, output)
}

let opened: Prober | null = null

/** How many changes are being made or taken back: what was told to end ends when they have. */
let changing = 0
const unending = new AbortController().signal

function keepAlive(): () => void {
  changing += 1
  // What it came to is told yet.
  return () => void setTimeout(() => (changing -= 1), graceMs).unref()
}

/** Found beside the bundle, as the worker is. */
function prober(): Prober {
  opened ??= openProber(new URL('./prober.js', import.meta.url))
  return opened
}

async function openScreen(
  request: ScreenRequest,
  global: GlobalValues,
  { config, file: configured }: LoadedConfig,
  told: Progress,
): Promise<number> {
  const refuse = (what: string, hint: string) => printFailure({ kind: 'usage', what, hint }, global, output)
  if (global.json) return refuse('the screen does not speak JSON', 'use vethscope show --json')
  const { file } = request.source
  if (global.from !== undefined && global.from !== file) {
    return refuse(`the screen shows one file: not "${global.from}" beside ${file}`, 'leave --from out')
  }
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    return refuse(
      'the screen needs a terminal',
      'without one use vethscope show, or --help for the other commands',
    )
  }
  if (config.keys !== undefined) {
    const [{ checkKeys }, { actions }, { keyTrouble }] = await Promise.all([
      import('./config/check-config.ts'),
      import('./tui/actions.ts'),
      import('./tui/key-clash.ts'),
    ])
    const { keys, leaveKey } = config
    const trouble = () => keyTrouble(keys, leaveKey)
    const problem = checkKeys(keys, { actions: Object.keys(actions), trouble }, configured ?? '')
    if (problem !== null) return printFailure(problem, global, output)
  }
  const isFile = request.source.kind === 'file'
  // Of this host only to know which namespace is meant: the screen reads everything itself.
  const read =
    isFile || global.host !== undefined ? await request.source.readWorld({ details: isFile }) : null
  told.end()
  if (read !== null && !read.ok) return printFailure(read.failure, global, output)
  const world = isFile ? read : null
  const host = read === null ? {} : { host: read.value.host }
  const { sockets } = config
  const fd = debugFd()
  const { runScreen } = await import('./tui/app.ts')
  // The screen restores the terminal before it says anything.
  process.off('uncaughtException', onCrash)
  process.off('unhandledRejection', onCrash)
  const exitCode = await runScreen({
    source:
      world === null
        ? {
            kind: 'live',
            start: {
              reader: global.reader ?? 'auto',
              version,
              ...host,
              ...(sockets === undefined ? {} : { sockets }),
              ...(fd === undefined ? {} : { debugFd: fd }),
            },
          }
        : {
            kind: 'replay',
            world: world.value,
            ...(request.source.file === null ? {} : { file: request.source.file }),
          },
    readonly: request.readonly,
    theme: request.theme,
    configuredTheme: config.theme,
    configFile: configured,
    keys: config.keys,
    mouse: request.mouse || config.mouse === true,
    ascii: request.ascii || config.ascii === true,
    report: crashReport,
    commands: screenCommands(commands),
    run: runSelf(argumentsOf(global, file)),
    ...(isFile || request.readonly ? {} : { changes: changeBySelf(argumentsOf(global, file)) }),
    ...(isFile ? {} : { probe: probeWith(prober), openShell: openShellLate }),
    leaveKey: config.leaveKey,
  })
  await opened?.close()
  return exitCode
}

/** What it takes is loaded with the first one. */
const openShellLate: OpenShell = async (request, events) => {
  const { openShell } = await import('./shells.ts')
  return openShell(request, events)
}

/** `exec` and `shell`. */
async function become(request: BecomeRequest): Promise<number> {
  const { enter } = await import('./probe/launch/enter.ts')
  const refused = await enter(request.place, request.argv)
  await printFailure(refused.failure, { json: false }, output)
  return refused.exitCode
}

/** What a command that is typed on the screen needs, to be about the same host as the screen. */
function argumentsOf(
  { host, reader, 'no-config': noConfig }: GlobalValues,
  file: string | null,
): readonly string[] {
  return [
    ...(file === null ? [] : [`--from=${file}`]),
    ...(host === undefined ? [] : [`--host=${host}`]),
    ...(reader === undefined ? [] : [`--reader=${reader}`]),
    ...(noConfig ? ['--no-config'] : []),
  ]
}

/** How long a command has to put things right (a half-written file) after a signal. */
const graceMs = 1000
/** One that probes also tells what it came to, for which it looks at counters. Another signal ends it at once. */
const probeGraceMs = 10_000

/** Aborts on the signals that end a program; answers which one came. */
function untilSignal(ended: AbortController): () => NodeJS.Signals | null {
  let came: NodeJS.Signals | null = null
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Ctrl-C once more must not leave a host half changed: each command of it has a limit.
      if (changing > 0 && came !== null) return
      if (came !== null) process.exit(exitCodeOfSignal(signal))
      came = signal
      ended.abort()
      const grace = opened === null ? graceMs : probeGraceMs
      const end = (): void => {
        if (changing === 0) process.exit(exitCodeOfSignal(signal))
        setTimeout(end, graceMs).unref()
      }
      setTimeout(end, grace).unref()
    })
  }
  return () => came
}

function crashReport(error: unknown): string | null {
  return writeCrashReport(error, { version, argv: process.argv.slice(2), env: process.env })
}

/** A bug: one sentence, what to report, and no half-printed stack between the lines of a terminal. */
async function crash(error: unknown): Promise<void> {
  const [message, place] =
    error instanceof Error ? [error.message, error.stack?.split('\n')[1]?.trim()] : [String(error)]
  const at = place === undefined ? '' : ` (${place})`
  const file = crashReport(error)
  await printFailure(
    {
      kind: 'refused',
      what: `an error inside vethscope ${version}: ${message}${at}`,
      hint:
        file === null
          ? 'please report this sentence together with the command you ran'
          : `please report it with ${file}`,
    },
    { json: process.argv.includes('--json') },
    output,
  )
  process.exit(exitCode.refused)
}

const onCrash = (error: unknown) => void crash(error)
process.on('uncaughtException', onCrash)
process.on('unhandledRejection', onCrash)

// Everything is written when main resolves, so nothing is cut off here; open handles of readers do not hold it up.
process.exit(await main(process.argv.slice(2)))
