import { afterEach, expect, test } from 'vitest'
import { buildTestProgram } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTmux, type TestTmux } from '../support/tmux.ts'

const open: TestTmux[] = []
afterEach(() => {
  for (const tmux of open.splice(0)) tmux.close()
})

if (requires({ tools: ['tmux'] })) {
  test('in tmux every line’s right border stands in one column, also after a change of size', async () => {
    const tmux = openTmux([
      process.execPath,
      await buildTestProgram(new URL('./programs/toy.ts', import.meta.url)),
    ])
    open.push(tmux)
    await tmux.waitFor('ready')
    expect(edges(tmux)).toEqual(Array.from({ length: 24 }, () => 79))
    tmux.send('Up', 'x')
    await tmux.waitFor('key x')
    expect(tmux.lines().join('\n')).toContain('key up')
    tmux.resize(100, 30)
    await tmux.waitFor('toy 100x30')
    expect(edges(tmux)).toEqual(Array.from({ length: 30 }, () => 99))
  })
}

/** Column of each line's last `|`; the two wide letters of the first line take a column more each. */
function edges(tmux: TestTmux): number[] {
  return tmux.lines().map((line) => line.lastIndexOf('|') + (line.match(/[容器]/g) ?? []).length)
}
