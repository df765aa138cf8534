import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

/** What each folder must not import: a pattern that the linter does not understand would forbid nothing, silently. */
const forbidden: Readonly<Record<string, readonly string[]>> = {
  lib: ['../model/ids.ts', '../derive/find.ts', 'koffi', 'blessed', 'zod', 'commander'],
  model: ['../derive/find.ts', '../collect/reader.ts', '../source.ts', '../vethscope.ts', 'node:fs', 'execa'],
  collect: [
    '../derive/find.ts',
    '../snapshot/write-snapshot.ts',
    '../tui/app.ts',
    '../source.ts',
    'execa',
    'zod',
  ],
  'collect/kernel': ['../../derive/find.ts', '../../cli/print.ts', '../../vethscope.ts', 'blessed'],
  derive: ['../collect/reader.ts', '../command/show.ts', 'node:fs', 'fs', 'ipaddr.js', 'zod'],
  probe: ['../command/show.ts', '../cli/print.ts', '../tui/app.ts', '../vethscope.ts', 'execa', 'blessed'],
  change: ['../command/show.ts', '../source.ts', '../tui/app.ts', '../cli/print.ts', 'execa', 'zod'],
  'change/plain': ['../../collect/reader.ts', '../apply/journal.ts', 'node:fs', 'node:child_process'],
  'change/lab': ['../../collect/reader.ts', '../guard/way-in.ts', 'node:fs'],
  netfile: ['../collect/reader.ts', '../change/apply/apply.ts', '../command/show.ts', 'node:fs', 'execa'],
  'change/file': ['../../collect/reader.ts', '../../netfile/document.ts', '../guard/way-in.ts', 'yaml'],
  snapshot: ['../collect/reader.ts', '../derive/find.ts', '../command/show.ts', 'koffi'],
  command: ['../cli/print.ts', '../tui/app.ts', '../collect/collector.ts', '../vethscope.ts', 'commander'],
  cli: ['../tui/app.ts', '../collect/collector.ts', '../vethscope.ts', 'zod'],
  tui: [
    '../change/changer.ts',
    '../cli/print.ts',
    '../collect/collector.ts',
    '../collect/kernel/libc.ts',
    '../source.ts',
    'koffi',
  ],
  'tui/view': ['../../cli/print.ts', '../render/render.ts', '../terminal/locale.ts', 'blessed', 'node:fs'],
  'tui/update': ['../../collect/reader.ts', '../render/render.ts', 'blessed', 'node:fs'],
  'tui/select': ['../render/render.ts', 'node:os'],
}

const allowed: Readonly<Record<string, readonly string[]>> = {
  lib: ['./failure.ts', 'execa', 'ipaddr.js', 'node:fs'],
  model: ['../lib/failure.ts', './ids.ts', 'zod'],
  collect: ['../model/ids.ts', '../lib/run.ts', './kernel/libc.ts', 'koffi'],
  derive: ['../model/ids.ts', '../lib/ip.ts'],
  netfile: ['../model/network-file.ts', '../derive/find.ts', '../change/script.ts', 'yaml'],
  change: ['../model/ids.ts', '../derive/find.ts', '../collect/kernel/libc.ts', '../lib/run.ts', 'node:fs'],
  'change/plain': ['../../derive/find.ts', '../planner.ts', '../restore/link.ts'],
  probe: ['../collect/kernel/libc.ts', '../derive/find.ts', '../lib/run.ts', 'koffi'],
  command: [
    '../derive/find.ts',
    '../probe/prober.ts',
    '../snapshot/write-snapshot.ts',
    '../source.ts',
    'node:path',
  ],
  cli: ['../command/show.ts', '../snapshot/world-json.ts', 'commander'],
  tui: ['../collect/protocol.ts', '../derive/find.ts', '../command/table.ts', 'node:tty'],
  'tui/view': ['../../derive/find.ts', '../select/tree.ts', '../frame.ts', '../../lib/width.ts'],
  'tui/render': ['blessed'],
}

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'vethscope-walls-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Which of these imports the linter refuses in a file of that folder, as `folder ← import`. */
function refused(imports: Readonly<Record<string, readonly string[]>>): readonly string[] {
  copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  const names = new Map<string, string>()
  for (const [where, each] of Object.entries(imports)) {
    for (const [at, what] of each.entries()) {
      const file = `src/${where}/wall-${at}.ts`
      names.set(file, `${where} ← ${what}`)
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), `import { x } from '${what}'\nexport const y = x\n`)
    }
  }
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  const { stdout } = spawnSync(process.execPath, [oxlint, '--format=json', 'src'], {
    cwd: folder,
    encoding: 'utf8',
  })
  rmSync(join(folder, 'src'), { recursive: true })
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] }
  const hit = diagnostics
    .filter(({ code }) => code.includes('no-restricted-imports'))
    .map(({ filename }) => names.get(filename) ?? filename)
  return [...new Set(hit)].sort()
}

const all = (imports: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(imports)
    .flatMap(([where, each]) => each.map((what) => `${where} ← ${what}`))
    .sort()

test('the linter refuses each import over a wall', () => {
  expect(refused(forbidden)).toEqual(all(forbidden))
})

test('and none of those that stand on the data’s way', () => {
  expect(refused(allowed)).toEqual([])
})
