/** tcpdump's own command line for the same on the first link: what `y` copies. */
import type { CaptureRequest } from '../../model/capture.ts'

export function captureCommand({ links, count, snapLength, filter }: CaptureRequest): readonly string[] {
  return [
    'tcpdump',
    '-n',
    '-i',
    links[0]?.link ?? 'any',
    ...(count === null ? [] : ['-c', String(count)]),
    ...(snapLength === 0 ? [] : ['-s', String(snapLength)]),
    ...(filter === '' ? [] : [filter]),
  ]
}
