import { SOCK_DGRAM } from '../socket/calls.ts'
import { dontFragment, wantReports } from '../socket/socket-options.ts'
import type { Trace } from './trace.ts'

/** Too large for every link but the loopback. */
const tooLarge = 65_507
const usualMtu = 1500

/** The MTU of the link that packets leave by: this kernel says so when it refuses one that is larger. */
export function linkMtu({ request, to, sockets }: Trace): number {
  const { calls } = sockets
  const opened = sockets.open(request.place, to.family, SOCK_DGRAM, 0)
  if (!opened.ok) return usualMtu
  const fd = opened.value
  try {
    wantReports(calls, fd, to.family)
    dontFragment(calls, fd, to.family, 'probe')
    if (calls.sendTo(fd, Buffer.alloc(tooLarge), { ...to, port: 9 }) >= 0) return tooLarge + 28
    const report = calls.receiveError(fd)
    return report !== null && report.info > 0 ? report.info : usualMtu
  } finally {
    calls.close(fd)
  }
}
