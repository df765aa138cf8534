import { refused } from '../kernel/open-namespace.ts'
import type { ReadFailure } from '../reader.ts'

/** strerror(3) under LC_ALL=C, in which what nsenter says ends. */
const errnos: Readonly<Record<string, string>> = {
  'Operation not permitted': 'EPERM',
  'Permission denied': 'EACCES',
  'No such file or directory': 'ENOENT',
  'Invalid argument': 'EINVAL',
}

/**
 * Whether nsenter did not get into the namespace, from what stood on standard error:
 * `nsenter: reassociate to namespace 'ns/net' failed: Operation not permitted`. null: it did.
 */
export function entryRefused(stderr: string): ReadFailure | null {
  const [line = ''] = stderr.split('\n')
  if (!line.startsWith('nsenter: ')) return null
  const says = line.slice(line.lastIndexOf(': ') + 2).trim()
  const errno = errnos[says]
  return errno === undefined ? { unknown: line, errno: 'EIO' } : refused('cannot enter', errno).failure
}
