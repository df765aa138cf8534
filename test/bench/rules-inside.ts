/** Runs inside a bench host: reads its rules once as the worker does, and prints how long its thread was held. */
import { statSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { serialize } from 'node:v8'
import { readWorld } from '../../src/collect/collector.ts'
import { readFirewall } from '../../src/collect/firewall/read-firewall.ts'
import { loadLibc } from '../../src/collect/kernel/libc.ts'
import { inPieces } from '../../src/lib/in-pieces.ts'
import { findingsSteps } from '../../src/derive/findings/findings.ts'
import { rulesWindow } from '../../src/derive/rules/rules-window.ts'

const world = await readWorld({ reader: 'netlink', details: false, deep: false })
if (!world.ok) throw new Error(world.failure.what)
const libc = await loadLibc()
if (!libc.ok) throw new Error('koffi does not load')
const { dev, ino } = statSync('/proc/self/ns/net', { bigint: true })
const here = { dev: Number(dev), ino, paths: ['/proc/self/ns/net'], holders: { sockets: [] } }
const read = () => readFirewall(here, { libc: libc.value })
await read()
const delay = monitorEventLoopDelay({ resolution: 1 })
await pause(20)
delay.enable()
const start = performance.now()
const firewall = await read()
const readMs = performance.now() - start
await pause(5)
delay.disable()
const netns = world.value.netns.map((each) => (each.id === world.value.host ? { ...each, firewall } : each))
const whole = { ...world.value, netns }
const times: number[] = []
let windowBytes = 0
for (let from = 0; from < 2000; from += 40) {
  const began = performance.now()
  const window = rulesWindow(whole, world.value.host, { filter: {}, folded: [], from, count: 60 })
  times.push(performance.now() - began)
  windowBytes = Math.max(windowBytes, serialize(window).length)
}
/** As the worker makes them: in pieces, with turns of the event loop between them. */
const looked = monitorEventLoopDelay({ resolution: 1 })
await pause(20)
looked.enable()
const lookStart = performance.now()
await inPieces(findingsSteps(whole), () => true)
const findingsMs = performance.now() - lookStart
await pause(5)
looked.disable()
const againStart = performance.now()
const again = await readFirewall(here, { libc: libc.value, before: firewall })
const againMs = performance.now() - againStart
const counted = {
  ...firewall,
  tables: again.tables.map((table) => ({
    ...table,
    chains: table.chains.map((chain) => ({
      ...chain,
      rules: chain.rules.map((rule) => ({ ...rule, packets: (rule.packets ?? 0) + 1 })),
    })),
  })),
}
const newest = {
  ...whole,
  netns: netns.map((each) => (each.id === whole.host ? { ...each, firewall: counted } : each)),
}
const countedStart = performance.now()
rulesWindow(newest, whole.host, { filter: {}, folded: [], from: 0, count: 60 })
const countedMs = performance.now() - countedStart
const [windowMs = Number.NaN, ...next] = times
next.sort((a, b) => a - b)
const rules = firewall.tables.flatMap(({ chains }) => chains.flatMap((chain) => chain.rules)).length
const said = {
  rules,
  readMs,
  blockedMs: delay.max / 1e6,
  windowMs,
  nextMs: next[next.length >> 1],
  windowBytes,
  findingsMs,
  findingsBlockedMs: looked.max / 1e6,
  againMs,
  isKept: again === firewall,
  countedMs,
}
process.stdout.write(JSON.stringify(said))
process.exit(0)
