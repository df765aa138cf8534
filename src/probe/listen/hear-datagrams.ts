import { firstText } from '../tcp/banner.ts'
import type { Sockets } from '../socket/sockets.ts'
import { plainAddress } from './plain-address.ts'
import type { Came } from './run-listen.ts'

/** A flood leaves the loop a turn after so many. */
const atATime = 64

/** Each datagram is one who came. Closes the descriptor when the signal comes. */
export function hearDatagrams(
  { calls, readiness }: Sockets,
  fd: number,
  signal: AbortSignal,
  onCame: (came: Came) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const watch = readiness.watch(fd, { readable: true }, () => {
      for (let n = 0; n < atATime && !signal.aborted; n += 1) {
        const datagram = calls.receive(fd)
        if (datagram === null) return
        const { from, bytes } = datagram
        onCame({
          at: Date.now(),
          from: plainAddress(from?.address ?? ''),
          port: from?.port ?? 0,
          says: firstText(bytes),
        })
      }
    })
    const end = (): void => {
      watch.close()
      calls.close(fd)
      resolve()
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
