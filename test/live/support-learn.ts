/**
 * docs/learn.md, played: each chapter on a host of its own, its console blocks one command after the other. What stands below a
 * command is what it prints; `…` in a line is any text, a line of `…` alone any lines. Nothing below it: whatever it prints.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../support/bundle.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { stateOf } from '../support/host-state.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

type Chapter = { readonly title: string; readonly commands: readonly Command[] }

type Command = {
  readonly line: string
  /** In the document. */
  readonly number: number
  /** `# ends with 1` behind it; else 0. */
  readonly code: number
  readonly prints: readonly string[]
}

function chaptersOf(text: string): readonly Chapter[] {
  const chapters: { title: string; commands: Command[] }[] = []
  let inside = false
  for (const [at, line] of text.split('\n').entries()) {
    const title = inside ? undefined : /^## (.+)/.exec(line)?.[1]
    const commands = chapters.at(-1)?.commands
    if (title !== undefined) chapters.push({ title, commands: [] })
    else if (line.startsWith('```')) inside = line === '```console'
    else if (inside && line.startsWith('$ ')) commands?.push(commandOf(line.slice(2), at + 1))
    else if (inside) {
      const last = commands?.pop()
      if (last !== undefined) commands?.push({ ...last, prints: [...last.prints, line] })
    }
  }
  return chapters.filter(({ commands }) => commands.length > 0)
}

function commandOf(text: string, number: number): Command {
  const [, line = text, code = '0'] = /^(.*?)\s+# ends with (\d+)$/.exec(text) ?? []
  return { line, number, code: Number(code), prints: [] }
}

const learn = (): readonly Chapter[] => chaptersOf(readFileSync(join(projectRoot, 'docs/learn.md'), 'utf8'))

/** As a pattern of all that is printed. */
function patternOf(prints: readonly string[]): RegExp {
  const lines = prints.map((line) =>
    line.trim() === '…' ? '(?:.*\n)*?' : `${line.split('…').map(escaped).join('.*')}[ \\t]*\n`,
  )
  return new RegExp(`^${lines.join('')}$`)
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

/** A chapter by its number, as a test. */
export function playChapter(number: number): void {
  if (!requires({ root: true, tools: ['ip', 'bridge', 'nft', 'nsenter', 'ping', 'tcpdump', 'curl'] })) return
  const chapter = learn().find(({ title }) => Number.parseInt(title, 10) === number)
  if (chapter === undefined) throw new Error(`docs/learn.md has no chapter ${number}`)
  test(chapter.title, () => play(chapter), 240_000)
}

/** Plays one, and holds that the host is afterwards as it was before. */
async function play({ commands }: Chapter): Promise<void> {
  const main = join(await buildVethscope(), 'main.js')
  const host = await playHost('vm01')
  try {
    host.run(['mkdir', '/run/bin'])
    host.run(['tee', '/run/bin/vethscope'], {
      input: `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`,
    })
    host.run(['chmod', '755', '/run/bin/vethscope'])
    const before = stateOf(host)
    for (const command of commands) {
      if (command.line.endsWith(' &')) await inBackground(host, command)
      else if (command.line === 'kill %1') await endBackground(host)
      else inForeground(host, command)
    }
    expect(stateOf(host)).toEqual(before)
  } finally {
    await host.end()
  }
}

const shell = 'export PATH="/run/bin:$PATH" LC_ALL=C.UTF-8; exec 2>&1; '

function inForeground(host: TestHost, { line, number, code, prints }: Command): void {
  const { code: came, stdout } = host.try(['bash', '-c', `${shell}${line}`])
  const where = `docs/learn.md:${number}: ${line}\n${stdout}`
  expect(came, where).toBe(code)
  if (prints.length > 0) expect(stdout, where).toMatch(patternOf(prints))
}

/** Until it has said something: then it is there. */
async function inBackground(host: TestHost, { line, prints, number }: Command): Promise<void> {
  const said = await host.start([
    'bash',
    '-c',
    `${shell}echo $$ > /run/background; exec ${line.slice(0, -2)}`,
  ])
  if (prints.length > 0) expect(`${said}\n`, `docs/learn.md:${number}`).toMatch(patternOf(prints))
}

async function endBackground(host: TestHost): Promise<void> {
  const pid = host.run(['cat', '/run/background']).trim()
  // It may have ended by itself.
  host.try(['kill', pid])
  // Nobody on this host asks what became of it: it stays as a zombie, which runs nothing.
  await expect.poll(() => host.try(['test', '-e', `/proc/${pid}/exe`]).code, { timeout: 30_000 }).not.toBe(0)
}
