import type { Target } from '../../model/probe.ts'
import type { SocketAddress } from '../socket/socket-address.ts'

/** `fe80::1%eth0` is reached by binding the socket to eth0: the number of that link is known only inside. */
export function zoned(
  { address, family }: Target,
  port: number,
): { readonly to: SocketAddress; readonly link: string | undefined } {
  const [plain = address, link] = address.split('%')
  return { to: { family, address: plain, port }, link }
}
