import { fileURLToPath } from 'node:url'
import { existsSync } from 'node:fs'
import { failed, succeeded } from '../lib/failure.ts'
import { command } from './command.ts'
import { lookOptions } from './screen.ts'

/** From dist/ (and from src/command in tests) the fixtures of the package. */
const places = ['../fixtures/incident.json.gz', '../../fixtures/incident.json.gz']

export const demo = command({
  name: 'demo',
  summary: 'the screen on a recorded example host: works on any machine, without root',
  needs: 'screen',
  arguments: {},
  options: lookOptions,
  run: async ({ open }, { theme, ascii, mouse }) => {
    const file = demoFile()
    if (file === null) {
      return failed({
        kind: 'not-found',
        what: 'the recorded example host (fixtures/incident.json.gz) is not in this installation',
        hint: 'install vethscope again, or open a snapshot of your own: vethscope --replay FILE',
      })
    }
    return succeeded({ kind: 'screen', source: open(file), theme, ascii, mouse, readonly: true })
  },
})

function demoFile(): string | null {
  const files = places.map((place) => fileURLToPath(new URL(place, import.meta.url)))
  return files.find((file) => existsSync(file)) ?? null
}
