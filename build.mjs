// Bundles the program, what completes words, the worker, the prober, the launcher, the asker and the runner into dist/. What is imported late (`await import`) stays in chunks of its own;
// the other entries share none, because each file costs a millisecond to load, and the first picture waits for the
// worker. Native packages stay outside; of blessed only what is used is inside, and its descriptions of terminals are
// read from its package. `--if-stale` builds only when a source is newer; `--run` then starts the program.
import { execFileSync, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))
const args = process.argv.slice(2)
const program = join(root, 'dist/main.js')

function isStale() {
  if (!existsSync(program)) return true
  const built = statSync(program).mtimeMs
  const sources = readdirSync(join(root, 'src'), { recursive: true }).map((name) => join(root, 'src', name))
  return [join(root, 'package.json'), join(root, 'build.mjs'), ...sources].some(
    (file) => statSync(file).mtimeMs > built,
  )
}

/** unicode.js asks for the whole of blessed, to measure a tab; no tab gets that far. */
const partsOfBlessed = {
  name: 'parts-of-blessed',
  setup(build) {
    build.onResolve({ filter: /^\.\.\/$/ }, ({ importer }) =>
      importer.endsWith('/blessed/lib/unicode.js') ? { path: 'blessed', external: true } : undefined,
    )
  },
}

/**
 * Of blessed-contrib only what draws a line chart and a sparkline, onto a canvas of ours (src/tui/render/charts.ts).
 * No widget of it is ever made, so blessed's stand in by name: shared with the screen's, they would become a file of
 * their own that start-up waits for. Its own canvas, lodash and x256 are several times as large as what is used.
 */
const partsOfContrib = {
  name: 'parts-of-contrib',
  setup(build) {
    const parts = {
      blessed: `module.exports = { Node: function () {}, Box: function () {} }`,
      lodash: `module.exports = { max: require('lodash/max') }`,
      'drawille-canvas-blessed-contrib': `module.exports = {}`,
      x256: `module.exports = () => { throw new Error('colours are roles here') }`,
    }
    build.onResolve({ filter: /^[a-z0-9-]+$/ }, ({ path, importer }) =>
      importer.includes('/blessed-contrib/') && path in parts ? { path, namespace: 'contrib' } : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'contrib' }, ({ path }) => ({
      contents: parts[path],
      resolveDir: root,
    }))
  },
}

/** Of zod's sentences in fifty languages only the English ones. */
const partsOfZod = {
  name: 'parts-of-zod',
  setup(build) {
    build.onResolve({ filter: /\/locales\/index\.js$/ }, ({ importer }) =>
      importer.includes('/zod/') ? { path: 'locales', namespace: 'zod' } : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'zod' }, () => ({ contents: 'export {}' }))
  },
}

async function build() {
  const esbuild = await import('esbuild').catch(() => {
    process.stderr.write(
      'vethscope: cannot build: esbuild is not installed; run `npm ci` without --omit=dev\n',
    )
    process.exit(1)
  })
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const options = {
    absWorkingDir: root,
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // The last two are entries (src/main.ts).
    external: ['koffi', 'node-pty', './vethscope.js', './complete.js'],
    plugins: [partsOfBlessed, partsOfContrib, partsOfZod],
    define: { 'process.env.VETHSCOPE_VERSION': JSON.stringify(version) },
    // CommonJS packages inside an ES module bundle still call require.
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`,
    },
    logLevel: 'warning',
  }
  // What completes words is made of parts of the program: those two share their files.
  const entries = [
    ['main'],
    ['vethscope', 'complete'],
    ['worker'],
    ['prober'],
    ['launch'],
    ['ask'],
    ['runner'],
  ]
  for (const names of entries)
    await esbuild.build({ ...options, entryPoints: names.map((name) => `src/${name}.ts`) })
  printPapers()
}

/** The manual page and the completions, as the program that was just built prints them. */
function printPapers() {
  const papers = {
    'man/vethscope.1': ['man'],
    'completions/vethscope.bash': ['completion', 'bash'],
    'completions/_vethscope': ['completion', 'zsh'],
    'completions/vethscope.fish': ['completion', 'fish'],
  }
  for (const [name, words] of Object.entries(papers)) {
    const file = join(root, 'dist', name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, execFileSync(process.execPath, [program, ...words]))
  }
}

function run(programArgs) {
  const child = spawn(process.execPath, [program, ...programArgs], { stdio: 'inherit' })
  // The terminal sends its signals to the child as well; the parent only waits for its answer.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTSTP']) process.on(signal, () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal]
  })
}

if (!args.includes('--if-stale') || isStale()) await build()
if (args.includes('--run')) run(args.filter((arg) => arg !== '--if-stale' && arg !== '--run'))
