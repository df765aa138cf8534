/** The whole program, which also tells into a file, again and again, what it holds open. */
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { EventEmitter } from 'node:events'

const file = process.env['WATCHED'] ?? ''
let told = 0

function listeners(emitter: EventEmitter): Readonly<Record<string, number>> {
  return Object.fromEntries(
    emitter.eventNames().map((name) => [String(name), emitter.listenerCount(name)] as const),
  )
}

/** What Node keeps alive, by kind; how many timers wait depends on the moment. */
function resources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

function children(): readonly string[] {
  return readdirSync('/proc/self/task').flatMap((task) => {
    try {
      return readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean)
    } catch {
      return []
    }
  })
}

const tell = () => {
  told += 1
  globalThis.gc?.()
  const { Timeout = 0, Immediate: _, ...handles } = resources()
  const report = {
    told,
    listeners: {
      process: listeners(process),
      input: listeners(process.stdin),
      output: listeners(process.stdout),
    },
    handles,
    timers: Timeout,
    descriptors: readdirSync('/proc/self/fd').length,
    children: children(),
    heap: process.memoryUsage().heapUsed,
  }
  writeFileSync(`${file}.part`, JSON.stringify(report))
  renameSync(`${file}.part`, file)
}
process.on('SIGUSR2', tell)
setInterval(tell, 250).unref()
await import('../../../src/vethscope.ts')
