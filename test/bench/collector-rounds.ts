/**
 * Runs inside a bench host: reads the whole World once a line on standard input, and prints the seconds that took.
 * argv: the reader. Its heap is warm after the first rounds, as the worker's is.
 */
import { createInterface } from 'node:readline'
import { readWorld } from '../../src/collect/collector.ts'
import { peers } from '../../src/derive/peers.ts'

const reader = process.argv[2] === 'ip' ? 'ip' : 'netlink'
for await (const line of createInterface({ input: process.stdin })) {
  if (line === '') continue
  const start = process.hrtime.bigint()
  const world = await readWorld({ reader, details: false, deep: false })
  if (!world.ok) throw new Error(world.failure.what)
  peers(world.value.netns)
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  const phases = world.value.readers.map(({ name, ms }) => `${name} ${ms}`)
  process.stdout.write(`${JSON.stringify({ seconds, netns: world.value.netns.length, phases })}\n`)
}
process.exit(0)
