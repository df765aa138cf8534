import { expect, test } from 'vitest'
import { columns } from '../../src/cli/columns.ts'

test('columns are as wide as what is in them, and no line ends with spaces', () => {
  expect(
    columns([
      [{ text: 'NAME' }, { text: 'MTU' }, { text: 'ADDRESSES' }],
      [{ text: 'docker0' }, { text: '1500' }, { text: '' }],
      [{ text: 'a heading that is wider than its column' }],
      [{ text: 'lo' }, { text: '' }, { text: '127.0.0.1/8' }],
    ]),
  ).toEqual([
    'NAME     MTU   ADDRESSES',
    'docker0  1500',
    'a heading that is wider than its column',
    'lo             127.0.0.1/8',
  ])
})

test('colours take no room, wide characters take two columns', () => {
  expect(
    columns([
      [{ text: 'ab', shown: '\x1b[1mab\x1b[22m' }, { text: 'x' }],
      [{ text: '漢字' }, { text: 'y' }],
    ]),
  ).toEqual(['\x1b[1mab\x1b[22m    x', '漢字  y'])
})
