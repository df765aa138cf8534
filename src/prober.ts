/**
 * The helper process that probes: composition only, like vethscope.ts. It ends when the program does, however that ends: then
 * the channel between them closes, and what it started ends with it.
 */
import { runProbe } from './probe/run-probe.ts'
import type { ToProber } from './probe/protocol.ts'
import { serveProbes } from './probe/serve.ts'
import { startWatchdog } from './probe/watchdog.ts'

/** What has not ended by then is left to the kernel: its parent is gone. */
const patienceMs = 1000

const server = serveProbes((message) => {
  if (process.connected) process.send?.(message)
}, runProbe)

process.on('message', (message) => server.receive(message as ToProber))
process.on('disconnect', () => {
  setTimeout(() => process.exit(1), patienceMs)
  void server.stop().then(() => process.exit(0))
})
// The terminal sends these to the whole group; the program decides what ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGTSTP'] as const) process.on(signal, () => {})
process.send?.({ type: 'ready' })
void startWatchdog()
