import { sanitise } from '../../../lib/sanitise.ts'
import { drawable } from '../../../lib/width.ts'
import { fact, type Fact } from './fact.ts'

/** A name that cannot be drawn as it is, with its characters spelled out: `\u{1f433}web` for □web. */
export function spelledOut(name: string): readonly Fact[] {
  const plain = sanitise(name)
  if (drawable(plain) === plain) return []
  const spelled = Array.from(plain).map((character) =>
    drawable(character) === character ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
  return [{ ...fact('spelled', spelled.join('')), alone: true }]
}
