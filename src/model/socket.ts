import { z } from 'zod'
import { known, type Frozen } from './schema.ts'

export const socketSchema = z.object({
  family: z.enum(['inet', 'inet6']),
  /** tcp, udp, udplite, raw, icmp, sctp. */
  protocol: z.string(),
  local: z.object({ address: z.string(), port: z.number() }),
  remote: z.object({ address: z.string(), port: z.number() }).nullable(),
  /** As ss prints it: LISTEN, ESTAB, UNCONN, TIME-WAIT … */
  state: z.string(),
  /** ifindex the socket is bound to (SO_BINDTODEVICE). */
  boundTo: z.number().int().nullable(),
  v6only: z.boolean().nullable(),
  uid: z.number().nullable(),
  /** Socket inode as text; `0` for a socket that no process holds any more. */
  inode: z.string(),
  recvQueue: z.number(),
  sendQueue: z.number(),
  /** Who holds it; unknown without the right to read /proc/PID/fd. */
  process: known(z.object({ pid: z.number(), name: z.string() }).nullable()),
})

export type Socket = Frozen<z.infer<typeof socketSchema>>
