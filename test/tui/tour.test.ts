import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { dockerTools } from '../support/docker.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { acts, takeTour } from '../support/tour.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** What the README promises: `### Where do packets get lost? (5 keys)`. */
const promised = new Map(
  [...readme.matchAll(/^### (.+\?) \((\d+) keys?\)$/gm)].map(([, question = '', count]) => [
    question,
    Number(count),
  ]),
)

/** The screens of docs/tour.md. */
const documented = [
  ...readFileSync(new URL('../../docs/tour.md', import.meta.url), 'utf8').matchAll(/^```\n([^`]+)\n```$/gm),
].map(([, screen = '']) => screen)

/** What is the same each time: times, counters and names of links are others on each host. */
function framed(screen: string): { readonly tabs: string; readonly footer: string } {
  const lines = screen.trimEnd().split('\n')
  return {
    tabs: /^(?: \d\w+)+/.exec(lines[1] ?? '')?.[0] ?? `no tabs: ${lines[1] ?? ''}`,
    footer: (lines.at(-1) ?? '').replaceAll(/veth[0-9a-f]{7}/g, 'veth0000000'),
  }
}

test('the README asks the questions of the tour', () => {
  expect([...promised.keys()]).toEqual(acts.map(({ question }) => question))
})

describe.runIf(requires({ root: true, tools: dockerTools }))('the tour on a real Docker host', () => {
  test('each question is answered with as many keys as the README says, at 80×24', async () => {
    const scenes = await takeTour(`${await buildVethscope()}/main.js`)
    expect(scenes.length).toBe(acts.length)
    for (const { act, keys, screen } of scenes) {
      expect(keys.length, act.question).toBe(promised.get(act.question))
      const lines = screen.split('\n')
      expect(lines.length).toBeLessThanOrEqual(24)
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80)
    }
    const old = 'docs/tour.md is as the program draws it; if not: node docs/tour.mjs'
    expect(documented.map(framed), old).toEqual(scenes.map(({ screen }) => framed(screen)))
  }, 240_000)
})
