import type { ExampleShape } from '../command/example.ts'
import type { Style } from './style.ts'
import { definitions } from './wrap.ts'

export function examplesText(examples: readonly ExampleShape[], style: Style): readonly string[] {
  return [
    ...definitions(
      examples.map(({ name, summary }) => [{ text: name, shown: style.paint('bold', name) }, summary]),
    ),
    '',
    'vethscope example NAME makes one; --remove takes it down, --print shows it.',
  ]
}
