import { describe, expect, test } from 'vitest'
import { completionScript } from '../../src/cli/completion/script.ts'
import { commands } from '../../src/command/table.ts'

describe('zsh', () => {
  const script = completionScript('zsh', commands)

  test('a colon in an operand’s name does not end the name', () => {
    expect(script).toContain(String.raw`'2:HOST\:PORT: '`)
    expect(script).not.toContain('HOST:PORT')
  })
})
