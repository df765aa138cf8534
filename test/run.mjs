// `npm test [-- --install] [vitest filters…]`: builds the program, then runs every test. `--install` first
// installs the Debian packages that live tests need; without it missing ones are named with the apt line and
// their tests are skipped with the reason. With CI=true a skip is a failure.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const args = process.argv.slice(2)
const install = args.includes('--install')

/** Tool → Debian package. */
const packages = JSON.parse(readFileSync(join(root, 'test/support/packages.json'), 'utf8'))

const missing = [
  ...new Set(
    Object.entries(packages)
      .filter(([tool]) => !has(tool))
      .map(([, name]) => name),
  ),
]
if (missing.length > 0 && install) {
  step('apt-get', ['update', '-qq'])
  step('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing])
} else if (missing.length > 0) {
  process.stdout.write(`Missing for the live tests: apt-get install ${missing.join(' ')}\n`)
}

step('npm', ['run', '--silent', 'types'])
step('npm', ['run', '--silent', 'lint'])
step('npm', ['run', '--silent', 'format'])
step('npm', ['run', '--silent', 'dead'])
step('npm', ['run', '--silent', 'build'])
const tests = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    `--reporter=${join(root, 'test/support/summary-reporter.mjs')}`,
    ...args.filter((arg) => arg !== '--install'),
  ],
  { cwd: root, stdio: 'inherit' },
)
process.exitCode = tests.status ?? 1

function has(tool) {
  return [
    ...(process.env.PATH ?? '').split(':'),
    '/usr/sbin',
    '/sbin',
    '/usr/lib/podman',
    '/usr/libexec/podman',
  ].some((folder) => existsSync(join(folder, tool)))
}

function step(command, commandArgs) {
  const result = spawnSync(command, commandArgs, {
    cwd: root,
    stdio: 'inherit',
    // RUNLEVEL=1: packages do not start their services; a dockerd of the machine's own would change its network.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  })
  if (result.status === 0) return
  process.stderr.write(`\n${command} ${commandArgs.join(' ')} failed\n1 failed before any test ran\n`)
  process.exit(result.status ?? 1)
}
