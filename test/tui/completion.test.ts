/** The scripts that `vethscope completion` prints, in the shells they are for. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { wordsOf } from '../../src/cli/completion/words.ts'
import { commands } from '../../src/command/table.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal } from '../support/terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-completion-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const [real, hostile] = [join(folder, 'real'), join(folder, 'hostile')]
const asking = join(folder, 'asking')
const sprung = join(folder, 'sprung')
let program = ''

function executable(file: string, lines: readonly string[]): void {
  writeFileSync(file, `#!/bin/sh\n${lines.join('\n')}\n`)
  chmodSync(file, 0o755)
}

const envWith = (bin: string) => ({
  HOME: folder,
  PATH: `${bin}:/usr/bin:/bin`,
  LANG: 'C.UTF-8',
  TERM: 'xterm',
})

beforeAll(async () => {
  program = join(await buildVethscope(), 'main.js')
  for (const bin of [real, hostile]) mkdirSync(bin)
  executable(join(real, 'vethscope'), [`exec '${process.execPath}' '${program}' "$@"`])
  // As if the program had let through what it leaves out.
  const names = [
    '$(touch ' + sprung + ')',
    '`touch ' + sprung + '`',
    '; touch ' + sprung,
    'two words',
    'plain',
  ]
  mkdirSync(asking)
  executable(join(asking, 'vethscope'), [`echo "$2|$3|$4" >>${asked}`, 'echo one; echo two'])
  executable(join(hostile, 'vethscope'), ["cat <<'END'", ...names, 'END'])
  for (const [shell, name] of [
    ['bash', 'v.bash'],
    ['zsh', '_vethscope'],
    ['fish', 'v.fish'],
  ] as const) {
    const { stdout, status } = spawnSync(process.execPath, [program, 'completion', shell], {
      encoding: 'utf8',
    })
    expect(status).toBe(0)
    writeFileSync(join(folder, name), stdout)
  }
})

const shells = { fish: 'fish' } as const

/** What is told of these words, the last of which is being typed. */
type Completed = (words: readonly string[], bin?: string) => readonly string[]

const bash: Completed = (words, bin = real) => {
  const script = `source ${folder}/v.bash
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _vethscope
printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script, 'bash', ...words], {
    encoding: 'utf8',
    env: envWith(bin),
  })
  expect(stderr).toBe('')
  return stdout.split('\n').filter((line) => line !== '')
}

const fish: Completed = (words, bin = real) => {
  // bash splits at "="; fish gets the line as it is typed.
  const line = words.join(' ').replace(' = ', '=')
  const script = `source ${folder}/v.fish; complete -C '${line}'`
  const { stdout, stderr } = spawnSync(shells.fish, ['--no-config', '-c', script], {
    encoding: 'utf8',
    env: envWith(bin),
  })
  expect(stderr).toBe('')
  return stdout
    .split('\n')
    .filter((each) => each !== '')
    .map((each) => (each.split('\t')[0] ?? '').replace(/^--[a-z]+=/, ''))
}

const cases: readonly (readonly [words: string, has: readonly string[], hasNot: readonly string[]])[] = [
  ['vethscope |', ['show', 'ls', 'completion'], ['__complete', 'host']],
  ['vethscope sh|', ['show'], ['ls']],
  ['vethscope ls |', ['netns', 'containers', 'ports'], ['host']],
  ['vethscope ls netns |', [], ['netns', 'host']],
  ['vethscope ls --re|', ['--reader'], ['--redact', '--replay']],
  ['vethscope snapshot --re|', ['--reader', '--redact'], ['--replay']],
  ['vethscope --re|', ['--reader', '--replay'], ['--redact']],
  ['vethscope ls --reader |', ['auto', 'netlink', 'ip'], ['netns']],
  ['vethscope ls --reader = n|', ['netlink'], ['netns']],
  ['vethscope --theme |', ['dark', 'colour-blind'], ['show']],
  ['vethscope themes li|', ['light'], ['dark']],
  ['vethscope show ho|', ['host'], ['show']],
  ['vethscope --json --from x.json show ho|', ['host'], []],
  ['vethscope show host |', [], ['host']],
  ['vethscope route host 1.1.1.1 --iif l|', ['lo'], ['host']],
  ['vethscope find x l|', ['lo'], []],
  ['vethscope completion |', ['bash', 'zsh', 'fish'], []],
  ['vethscope n|', ['net', 'netns', 'node', 'nat'], ['net create']],
  ['vethscope net |', ['create', 'ls', 'unpublish'], ['host', 'add-veth']],
  ['vethscope link a|', ['add-veth', 'attach'], ['create']],
  ['vethscope link up ho|', ['host'], []],
  ['vethscope link up host l|', ['lo'], ['host']],
  ['vethscope link move host lo ho|', ['host'], []],
  ['vethscope route a|', ['add'], ['rm']],
  ['vethscope route ho|', ['host'], []],
  ['vethscope route add ho|', ['host'], ['add']],
  ['vethscope route add host default --dev l|', ['lo'], ['host']],
  ['vethscope net create x --dri|', ['--driver'], ['--publish']],
  ['vethscope net create x --driver |', ['vxlan', 'bridge', 'overlay'], ['create']],
  ['vethscope net create x --engine docker --driver |', ['overlay', 'bridge'], ['vxlan']],
  ['vethscope net create x --engine = podman --driver |', ['macvlan', 'bridge'], ['vxlan', 'overlay']],
  ['vethscope net create x --engine lab --driver v|', ['vxlan'], ['overlay']],
  ['vethscope capture host |', ['lo'], ['host']],
  ['vethscope capture |', ['host'], ['lo']],
  // The engine itself is not known while it is typed.
  ['vethscope net create x --engine |', ['lab', 'docker', 'podman'], ['bridge']],
  ['vethscope net create x --icc = f|', ['false'], []],
  ['vethscope net create x --confirm|', ['--confirm-within'], ['--tell-steps']],
  // --mtu has a value here, and none in ping.
  ['vethscope net create x --mtu 1400 --parent l|', ['lo'], []],
  ['vethscope ping --mtu ho|', ['host'], []],
]

/** What is asked of the program stands in this file. */
const asked = join(folder, 'asked')
const netnsCases = [
  ['vethscope link rm host ', 'links||host'],
  ['vethscope link rm --dry-run web ', 'links||web'],
  ['vethscope route add web default --dev ', 'links||web'],
  ['vethscope capture web ', 'links||web'],
] as const

for (const [shell, completed] of [
  ['bash', bash],
  ['fish', fish],
] as const) {
  describe(shell, () => {
    if (!requires({ tools: [shell] })) return

    test.each(cases)('%s', (line, has, hasNot) => {
      const told = completed(line.replace('|', '').split(' '))
      expect(told).toEqual(expect.arrayContaining([...has]))
      for (const each of hasNot) expect(told).not.toContain(each)
    })

    test.each(netnsCases)('links are those of the namespace that was typed: %s', (line, wanted) => {
      rmSync(asked, { force: true })
      expect(completed(line.split(' '), asking)).toEqual(expect.arrayContaining(['one', 'two']))
      expect(readFileSync(asked, 'utf8').split('\n')).toContain(wanted)
    })

    test('names are never run, whatever they are', () => {
      const told = completed(['vethscope', 'show', ''], hostile)
      expect(told).toContain('plain')
      expect(existsSync(sprung)).toBe(false)
      // Taken over into the line, it is still one word.
      if (shell === 'bash') expect(told).toContain('two\\ words')
    })

    test('files, where a file is meant', () => {
      const told = completed(['vethscope', '--from', join(folder, 'v.')])
      expect(told.map((each) => each.split('/').at(-1))).toEqual(expect.arrayContaining(['v.bash', 'v.fish']))
    })
  })
}

describe('zsh', () => {
  if (!requires({ tools: ['zsh'] })) return

  /** A person at a prompt: types, presses Tab, and looks. */
  async function typed(line: string, wanted: string | RegExp, bin = real): Promise<string> {
    const terminal = openTestTerminal(['zsh', '-f', '-i'], {
      columns: 120,
      // All commands on one page.
      rows: 60,
      env: { ...envWith(bin), PS1: '%% ' },
    })
    try {
      await terminal.waitFor('%')
      terminal.send(
        `fpath=(${folder} $fpath); LISTMAX=1000; autoload -Uz compinit; compinit -D -u; PS1="rea""dy> "; clear\r`,
      )
      await terminal.waitFor(/^ready>/m)
      await terminal.idle(100)
      terminal.send(`${line}\t`)
      return await terminal.waitFor(wanted, 15_000)
    } finally {
      terminal.close()
    }
  }

  test.each([
    ['vethscope ', /show +-- /],
    ['vethscope ls ', /containers[^]*ports/],
    ['vethscope ls --rea', /--reader=?/],
    ['vethscope ls --reader ', /netlink/],
    ['vethscope --theme ', /colour-blind/],
    ['vethscope show ho', /show host$/m],
    // Or one of several: hosts that other tests play have links too.
    ['vethscope route host 1.1.1.1 --iif l', /\blo\b/],
    ['vethscope find x ho', /find x host$/m],
    ['vethscope completion z', /completion zsh$/m],
    ['vethscope snapshot --re', /--reader[^]*--redact/],
    ['vethscope net ', /create +-- /],
    ['vethscope net create x --driver ', /macvlan/],
    ['vethscope net create x --engine docker --driver o', /--driver overlay$/m],
    ['vethscope net create x --engine=lab --driver v', /--driver vxlan$/m],
    ['vethscope link up ho', /link up host$/m],
    ['vethscope link up host l', /\blo\b/],
    ['vethscope route r', /route rm$/m],
    ['vethscope route add ho', /route add host$/m],
    ['vethscope route ho', /route host$/m],
  ])('%s', async (line, wanted) => {
    await typed(line, wanted)
  })

  test.each(netnsCases)('links are those of the namespace that was typed: %s', async (line, wanted) => {
    rmSync(asked, { force: true })
    await typed(line, /one +two/, asking)
    expect(readFileSync(asked, 'utf8').split('\n')).toContain(wanted)
  })

  test('no operand and no option of any command makes zsh complain', async () => {
    const lines = wordsOf(commands).commands.flatMap(({ name, options, arguments: args }) => [
      ...args.map((_, at) => `vethscope ${name} ${'x '.repeat(at)}`),
      `vethscope ${name} --`,
      ...options
        .filter(({ takes }) => takes.kind !== 'nothing')
        .map(({ long }) => `vethscope ${name} ${long}=`),
    ])
    // What answers is of no interest here, and this is quicker than vethscope.
    const quick = join(folder, 'quick')
    mkdirSync(quick)
    executable(join(quick, 'vethscope'), ['echo plain'])
    const [said, tried, script] = ['said', 'tried', 'tries.zsh'].map((name) => join(folder, name))
    // The line editor writes to the terminal itself, so that on standard error is only what went wrong.
    writeFileSync(
      script ?? '',
      `fpath=(${folder} $fpath); LISTMAX=1000; autoload -Uz compinit; compinit -D -u
zle -C try complete-word _main_complete
tries() {
  local each
  for each in ${lines.map((line) => `'${line}'`).join(' ')}; do
    BUFFER=$each CURSOR=$#BUFFER; print -u2 -r -- ": $each"; zle try
  done
  BUFFER= ; print done >${tried}
}
zle -N tries; bindkey '^T' tries; exec 2>${said}; PS1="rea""dy> "; clear
`,
    )
    const terminal = openTestTerminal(['zsh', '-f', '-i'], { env: { ...envWith(quick), PS1: '%% ' } })
    try {
      await terminal.waitFor('%')
      terminal.send(`source ${script}\r`)
      await terminal.waitFor(/^ready>/m)
      terminal.send('\x14')
      await expect.poll(() => existsSync(tried ?? ''), { timeout: 60_000 }).toBe(true)
    } finally {
      terminal.close()
    }
    const told = readFileSync(said ?? '', 'utf8').split('\n')
    expect(told.filter((line) => line.startsWith(': '))).toHaveLength(lines.length)
    expect(told.filter((line) => line !== '' && !line.startsWith(': '))).toEqual([])
  }, 90_000)

  test('names are never run, and stay one word', async () => {
    const text = await typed('vethscope show two', /two\\ words/, hostile)
    expect(text).not.toContain('command not found')
    expect(existsSync(sprung)).toBe(false)
  })
})
