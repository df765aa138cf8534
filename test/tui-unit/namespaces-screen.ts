/** The Namespaces screen of a recording, and how its parts are found in the text. */
import type { World } from '../../src/model/world.ts'
import type { Size } from '../../src/tui/frame.ts'
import { screen, type Screen } from './screen.ts'

export function opened(world: World, size: Size = { columns: 80, rows: 24 }, file = 'h.json'): Screen {
  const it = screen({ mode: 'replay', file, world, size })
  it.send({ type: 'resize', size })
  it.keys('2')
  return it
}

/** The chosen sheet, by its title in the heading of the details. */
export function turnedTo(it: Screen, title: string): void {
  for (let step = 0; step < 12; step += 1) {
    const headings = it
      .text()
      .split('\n')
      .filter((line) => /^[━─]/.test(line))
    if (headings.some((line) => line.includes(` ${title}`))) return
    it.keys('}')
  }
  throw new Error(`there is no sheet ${title}`)
}

export const rowOf = (it: Screen, name: string): string =>
  it
    .text()
    .split('\n')
    .find((line) => line.slice(3).startsWith(`${name} `)) ?? ''
