import { escapeJson } from '../lib/sanitise.ts'
import type { World } from '../model/world.ts'

/**
 * The World as JSON text in pieces, one a namespace: as one string a large host would pass the longest string that
 * V8 can hold. Members of `World` whose value is a list stand one element a line, so that files compare well.
 */
export function* worldJson(world: World): Generator<string> {
  let separator = '{\n'
  for (const [name, value] of Object.entries(world)) {
    yield `${separator}${JSON.stringify(name)}: `
    separator = ',\n'
    if (!Array.isArray(value) || value.length === 0) {
      yield escapeJson(JSON.stringify(value))
      continue
    }
    let between = '[\n'
    for (const element of value) {
      yield between + escapeJson(JSON.stringify(element))
      between = ',\n'
    }
    yield '\n]'
  }
  yield '\n}\n'
}
