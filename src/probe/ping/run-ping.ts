/** ICMP echo from inside a namespace: with or without a ping program there, as ping(8) does it. */
import type { Runner } from '../context.ts'
import { foundTarget } from '../dns/found-target.ts'
import { sourceFor } from '../socket/source-for.ts'
import { targetAddress } from '../socket/target-address.ts'
import { findMtu } from './find-mtu.ts'
import { sendEchoes, type Ping } from './send-echoes.ts'

export const runPing: Runner<'ping'> = async (request, context) => {
  const { place, link } = request
  const found = await foundTarget(place, request.target, context)
  if (!found.ok) return found
  const sockets = await context.sockets()
  if (!sockets.ok) return sockets
  const to = targetAddress(sockets.value, place, found.value, { link })
  if (!to.ok) return to
  const source = sourceFor(sockets.value, place, to.value, link)
  const ping: Ping = { request, target: found.value, to: to.value, source, sockets: sockets.value, context }
  return request.findMtu ? findMtu(ping) : sendEchoes(ping)
}
