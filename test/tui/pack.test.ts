/** What `npm pack` ships, installed elsewhere without a single install script, and run there. */
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestTerminal } from '../support/terminal.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** mkdtemp's letters are small and capital ones; here they are what each test says. */
const folder = join(tmpdir(), `vethscope-pack-${process.pid}`)
mkdirSync(folder)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  // `npm run` puts settings of its own into the environment, which are not those of whoever installs.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))
  return spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...Object.fromEntries(own), ...env } })
}

/** The sources as they are checked out, so that nothing is built or packed in the project's own folder. */
function copySources(to: string): void {
  mkdirSync(to)
  const folders = ['src', 'themes', 'fixtures', 'examples', 'docs', 'test']
  const files = ['package.json', 'tsconfig.json', 'build.mjs', 'README.md', 'ARCHITECTURE.md', 'CHANGELOG.md']
  for (const name of folders.concat(files, 'CONTRIBUTING.md', 'LICENSE', '.oxlintrc.json')) {
    cpSync(join(root, name), join(to, name), { recursive: true, preserveTimestamps: true })
  }
}

type Packed = {
  readonly filename: string
  readonly version: string
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string; readonly mode: number }[]
}

describe('the package', () => {
  const sources = join(folder, 'sources')
  const installed = join(folder, 'installed')
  const home = join(installed, 'node_modules/vethscope')
  const program = join(installed, 'node_modules/.bin/vethscope')
  let packed: Packed

  // Most of a minute where the registry is slow; two seconds where npm has everything already.
  beforeAll(() => {
    copySources(sources)
    symlinkSync(join(root, 'node_modules'), join(sources, 'node_modules'))
    const pack = run(sources, 'npm', ['pack', '--json'])
    expect(pack.status, pack.stderr).toBe(0)
    // The build may say something in front of it.
    packed = JSON.parse(pack.stdout.slice(pack.stdout.search(/^\[/m)))[0]
    mkdirSync(installed)
    const tarball = join(sources, packed.filename)
    const options = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund']
    const install = run(installed, 'npm', ['install', ...options, tarball])
    expect(install.status, install.stderr).toBe(0)
  }, 180_000)

  test('holds what runs and nothing else', () => {
    const paths = packed.files.map(({ path }) => path)
    const ships =
      /^(dist\/[\w-]+\.js|themes\/[\w-]+\.json|dist\/man\/vethscope\.1|dist\/completions\/(_vethscope|vethscope\.(bash|fish))|docs\/[\w-]+\.(md|schema\.json)|docs\/pictures\/[\w-]+\.svg|fixtures\/([\w-]+\.json\.gz|README\.md)|examples\/(overlay\/)?[\w-]+\.yaml|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/
    expect(paths.filter((path) => !ships.test(path))).toEqual([])
    const themes = ['dark', 'light', 'high-contrast', 'colour-blind', 'monochrome'].map(
      (name) => `themes/${name}.json`,
    )
    const words = ['_vethscope', 'vethscope.bash', 'vethscope.fish'].map((name) => `dist/completions/${name}`)
    expect(paths).toEqual(
      expect.arrayContaining([
        ...themes,
        ...words,
        'dist/man/vethscope.1',
        'docs/config.md',
        'docs/pictures/start.svg',
      ]),
    )
    const programs = ['dist/main.js', 'dist/worker.js', 'themes/dark.json', 'fixtures/incident.json.gz']
    const papers = ['README.md', 'CHANGELOG.md', 'LICENSE', 'package.json']
    expect(paths).toEqual(expect.arrayContaining(programs.concat(papers)))
    // The helper process shares no file with the program, as the worker does not.
    expect(packed.unpackedSize).toBeLessThan(7_500_000)
    const main = readFileSync(join(home, 'dist/main.js'), 'utf8')
    expect(main.startsWith('#!/usr/bin/env node\n')).toBe(true)
  })

  test('names what it needs at run time, and only that', () => {
    for (const tool of ['esbuild', 'vitest', 'typescript', '@xterm/addon-unicode11']) {
      expect(existsSync(join(installed, 'node_modules', tool)), tool).toBe(false)
    }
    // Without it there are no shells in the screen.
    expect(existsSync(join(installed, 'node_modules/node-pty'))).toBe(true)
  })

  test('says its version, shows a snapshot, and reads its own parts', () => {
    expect(run(installed, program, ['--version']).stdout).toBe(`vethscope ${packed.version}\n`)
    const show = run(installed, program, ['show', '--from', join(home, 'fixtures/incident.json.gz')])
    expect(show).toMatchObject({ status: 0, stderr: '' })
    expect(show.stdout).toMatch(/docker0[^]*vethredis +veth .*= redis eth0/)
    const example = run(installed, program, ['example', 'overlay', '--print'])
    expect(example).toMatchObject({ status: 0, stderr: '' })
    expect(example.stdout).toContain('--host host2 net apply')
    const about = run(installed, program, ['about', '--json'])
    expect(about.status, about.stderr).toBe(0)
    const told = JSON.parse(about.stdout)
    expect(told).toMatchObject({ version: packed.version })
    expect(JSON.stringify(told)).toMatch(/"name":"node-pty","loaded":"/)
  })

  test('brings its manual page and completions, as it prints them itself, and what draws charts', () => {
    const printed = (...args: readonly string[]) => run(installed, program, args).stdout
    expect(readFileSync(join(home, 'dist/man/vethscope.1'), 'utf8')).toBe(printed('man'))
    expect(printed('man')).toContain(`vethscope ${packed.version}`)
    const completions = join(home, 'dist/completions')
    expect(readFileSync(join(completions, 'vethscope.bash'), 'utf8')).toBe(printed('completion', 'bash'))
    expect(readFileSync(join(completions, '_vethscope'), 'utf8')).toBe(printed('completion', 'zsh'))
    expect(readFileSync(join(completions, 'vethscope.fish'), 'utf8')).toBe(printed('completion', 'fish'))
    expect(JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).man).toEqual(['dist/man/vethscope.1'])
    expect(existsSync(join(installed, 'node_modules/blessed-contrib/package.json'))).toBe(true)
  })

  test('installed for the whole machine, man finds the page', () => {
    const prefix = join(folder, 'prefix')
    const options = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--prefix', prefix]
    const install = run(folder, 'npm', ['install', '--global', ...options, join(sources, packed.filename)])
    expect(install.status, install.stderr).toBe(0)
    expect(readFileSync(join(prefix, 'share/man/man1/vethscope.1'), 'utf8')).toContain('.TH VETHSCOPE 1')
    expect(run(folder, join(prefix, 'bin/vethscope'), ['--version']).stdout).toBe(
      `vethscope ${packed.version}\n`,
    )
  }, 180_000)

  test('shows all of its themes', () => {
    const { stdout, status } = run(installed, program, ['themes', '--color', 'always'], {
      TERM: 'xterm-256color',
    })
    expect(status).toBe(0)
    for (const name of ['dark', 'light', 'high-contrast', 'colour-blind', 'monochrome'])
      expect(stdout).toContain(name)
    expect(stdout).toContain('\x1b[38;5;114m UP \x1b[m')
  })

  test('demo: the screen, from another folder', async () => {
    await expectDemo(program)
  })

  test('demo: the screen, installed below a folder with capital letters', async () => {
    const elsewhere = join(folder, 'Capital Letters')
    cpSync(installed, elsewhere, { recursive: true, verbatimSymlinks: true })
    await expectDemo(join(elsewhere, 'node_modules/.bin/vethscope'))
  })

  async function expectDemo(command: string): Promise<void> {
    const terminal = openTestTerminal([command, 'demo'], { cwd: tmpdir() })
    try {
      await terminal.waitFor((text) => text.includes('docker0') || text.includes('please report'), 20_000)
      expect(terminal.text()).toContain('docker0')
      await terminal.press('down')
      terminal.send('q')
      expect(await terminal.exited()).toBe(0)
      expect(terminal.screen.alternate).toBe(false)
    } finally {
      terminal.close()
    }
  }
})

describe('npm start', () => {
  test('without the packages that build it, it says which command installs them', () => {
    const bare = join(folder, 'bare')
    copySources(bare)
    const start = run(bare, 'npm', ['start', '--silent', '--', '--version'])
    expect(start.status).toBe(1)
    expect(start.stderr).toMatch(/esbuild is not installed.*npm ci/)
    expect(start.stderr).not.toContain('    at ')
    expect(start.stdout).toBe('')
  })

  test('builds only when a source is newer, and hands on arguments and exit code', () => {
    const fresh = join(folder, 'fresh')
    copySources(fresh)
    const packages = join(fresh, 'node_modules')
    symlinkSync(join(root, 'node_modules'), packages)
    const start = (...args: readonly string[]) => run(fresh, 'npm', ['start', '--silent', '--', ...args])
    const built = () => statSync(join(fresh, 'dist/main.js')).mtimeMs
    expect(start('--version').stdout).toMatch(/^vethscope \d+\.\d+\.\d+\n$/)
    const first = built()
    expect(start('show', '--frob').status).toBe(2)
    expect(built()).toBe(first)
    const later = new Date(Date.now() + 60_000)
    utimesSync(join(fresh, 'src/main.ts'), later, later)
    expect(start('--version').status).toBe(0)
    expect(built()).toBeGreaterThan(first)
    // What is built runs without what builds it.
    utimesSync(join(fresh, 'src/main.ts'), new Date(0), new Date(0))
    rmSync(packages)
    expect(start('--version')).toMatchObject({ status: 0, stderr: '' })
  })
})
