import { expect, test } from 'vitest'
import { plainNames } from '../../src/cli/completion/plain-names.ts'

test('what a shell could take for more than a name is left out', () => {
  const hostile = [
    '$(reboot)',
    '`x`',
    'two words',
    'a;b',
    "o'clock",
    '-rf',
    'a\nb',
    '\x1b[2J',
    '\u202egnp',
    '*',
    '~root',
    '',
  ]
  const harmless = ['web', 'eth0.100', 'br-3d53', '/run/netns/a', 'a@b', 'münchen', 'ns:1']
  expect(plainNames([...hostile, ...harmless])).toEqual(harmless)
})
