import { expect, test } from 'vitest'
import { entryRefused } from '../../../src/collect/ip/entry-refused.ts'

// Sentences of nsenter, util-linux 2.38.
test.each([
  ["nsenter: reassociate to namespace 'ns/net' failed: Operation not permitted\n", 'EPERM'],
  ['nsenter: cannot open /proc/1/ns/net: Permission denied\n', 'EACCES'],
  ['nsenter: cannot open /run/netns/a: No such file or directory\n', 'ENOENT'],
  ["nsenter: reassociate to namespace 'ns/net' failed: Invalid argument\n", 'EINVAL'],
  ['nsenter: something new\n', 'EIO'],
])('%s', (stderr, errno) => {
  expect(entryRefused(stderr)?.errno).toBe(errno)
})

test('where root is missing the reason says so', () => {
  expect(
    entryRefused("nsenter: reassociate to namespace 'ns/net' failed: Operation not permitted\n"),
  ).toEqual({
    unknown: 'permission denied (EPERM)',
    errno: 'EPERM',
  })
})

test.each(['', 'Error: ipv4: FIB table does not exist.\nDump terminated\n', 'Command failed -:3\n'])(
  'what the tool inside says is not that: %j',
  (stderr) => {
    expect(entryRefused(stderr)).toBeNull()
  },
)
