import { expect, test } from 'vitest'
import { bundle } from '../support/bundle.ts'
import { playHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'

const program = `
import { statSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { loadLibc } from './src/collect/kernel/libc.ts'
import { openObserver } from './src/collect/kernel/observer.ts'
const ip = (...args) => execFileSync('ip', args, { encoding: 'utf8' })
const libc = (await loadLibc()).value
const opened = openObserver(libc)
if (!opened.ok) throw new Error(JSON.stringify(opened))
const observer = opened.value
const foundAt = (path) => {
  const { dev, ino } = statSync(path, { bigint: true })
  return { id: String(ino), dev: Number(dev), ino, names: [], paths: [path], userNamespace: { unknown: '' },
    holders: { processes: [], threads: [], fds: [], sockets: [], mounts: [] } }
}
const names = {}
const found = (name, path = '/run/netns/' + name) => { const f = foundAt(path); names[f.id] = name; return f }
const named = (events) => events.map((e) => e.type + ' ' + (names[e.id] ?? e.what))
const wait = async (condition) => {
  for (let n = 0; n < 400; n++) { const all = condition(); if (all) return all; await new Promise((r) => setTimeout(r, 10)) }
  throw new Error('waited in vain')
}
const out = {}
`

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter'] })) {
  const onHost = async (setUp: readonly string[], body: string): Promise<Record<string, unknown>> => {
    const file = await bundle(`${program}\n${body}\nobserver.close()\nconsole.log(JSON.stringify(out))`)
    const host = await playHost()
    try {
      for (const line of setUp) host.run(['ip', ...line.split(' ')])
      return JSON.parse(host.run([process.execPath, file])) as Record<string, unknown>
    } finally {
      await host.end()
    }
  }

  test('one dump tells what each number of another namespace means', async () => {
    const out = await onHost(
      [
        'netns add a',
        'netns add b',
        'netns add stranger',
        'link add ha type veth peer name eth0 netns a',
        '-n a link add x type veth peer name y netns b',
        '-n b link add z type veth peer name w netns stranger',
        'link show',
        '-n a link show',
        '-n b link show',
      ],
      `
      observer.know([found('host', '/proc/self/ns/net'), found('a'), found('b')])
      const table = (name) => observer.readNsids(Object.keys(names).find((id) => names[id] === name)).map((e) => names[e.id] ?? null)
      out.host = table('host'); out.a = table('a').sort(); out.b = table('b').sort()
      observer.know([found('stranger')])
      out.later = table('b').sort()
      out.home = statSync('/proc/thread-self/ns/net').ino === statSync('/proc/self/ns/net').ino && ip('-o', 'link').includes('ha@')
      out.own = names[observer.own] ?? 'of its own'
      `,
    )
    expect(out).toEqual({
      host: ['a'],
      a: ['b', 'host'],
      b: ['a', null],
      later: ['a', 'stranger'],
      home: true,
      own: 'of its own',
    })
  })

  test('a signal tells of an event at once, and without one nobody looks', async () => {
    const out = await onHost(
      ['netns add a'],
      `
      let looks = 0
      const counting = { ...libc, readable: (fds) => { looks++; return libc.readable(fds) } }
      const inRest = async (isTold) => {
        const it = openObserver(counting).value
        it.know([found('a')])
        let heard = 0
        const watch = it.watch(() => { heard += it.drain().length }, isTold)
        const tell = () => watch.look()
        process.on('SIGURG', tell)
        await new Promise((r) => setTimeout(r, 100))
        looks = 0
        await new Promise((r) => setTimeout(r, 1000))
        const rest = looks
        const began = performance.now()
        ip('-n', 'a', 'link', 'set', 'lo', isTold ? 'up' : 'down')
        await wait(() => heard > 0)
        const ms = performance.now() - began
        process.off('SIGURG', tell)
        it.close()
        return { rest, ms }
      }
      out.told = await inRest(true)
      out.untold = await inRest(false)
      `,
    )
    const { told, untold } = out as Record<'told' | 'untold', { readonly rest: number; readonly ms: number }>
    // Once in two seconds, for the case that a signal got lost.
    expect(told.rest).toBeLessThanOrEqual(1)
    expect(told.ms).toBeLessThan(1000)
    expect(untold.rest).toBeGreaterThan(10)
  })

  test('says which namespace changed, in what way, and which one died', async () => {
    const out = await onHost(
      ['netns add a', 'netns add b', 'netns add c', '-n a link set lo up'],
      `
      observer.know([found('host', '/proc/self/ns/net'), found('a'), found('b'), found('c')])
      observer.drain()
      ip('-n', 'a', 'addr', 'add', '10.0.0.1/8', 'dev', 'lo')
      out.address = named(observer.drain())
      ip('-n', 'b', 'rule', 'add', 'from', '10.0.0.0/8', 'lookup', '7')
      out.rule = named(observer.drain())
      ip('-n', 'a', 'neigh', 'add', '10.0.0.9', 'lladdr', '02:00:00:00:00:09', 'dev', 'lo')
      out.neighbour = named(observer.drain())
      ip('link', 'add', 'hc', 'type', 'veth', 'peer', 'name', 'p', 'netns', 'c')
      ip('link', 'show')
      out.link = named(observer.drain()).sort()
      const before = names
      ip('netns', 'del', 'b')
      out.death = named(await wait(() => { const e = observer.drain(); return e.length > 0 && e }))
      `,
    )
    expect(out).toEqual({
      address: ['tables a'],
      rule: ['tables b'],
      neighbour: ['neighbours a'],
      link: expect.arrayContaining(['nsids host', 'tables c', 'tables host']),
      death: ['dead b'],
    })
  })

  test('keeps no namespace alive and gives none a number', async () => {
    const out = await onHost(
      ['netns add a', 'link add ha type veth peer name eth0 netns a', 'link show', '-n a link show'],
      `
      const numbers = () => [ip('netns', 'list-id'), ip('-n', 'a', 'netns', 'list-id')]
      const before = numbers()
      observer.know([found('host', '/proc/self/ns/net'), found('a')])
      out.same = JSON.stringify(numbers()) === JSON.stringify(before)
      ip('netns', 'del', 'a')
      await wait(() => !ip('-o', 'link').includes('ha@'))
      out.gone = true
      `,
    )
    expect(out).toEqual({ same: true, gone: true })
  })

  test('an inode that is used again is not taken for the namespace that had it before', async () => {
    const out = await onHost(
      ['netns add a'],
      `
      const host = found('host', '/proc/self/ns/net')
      observer.know([host, found('a')])
      const first = found('a').id
      let again = null
      for (let n = 0; n < 50 && again === null; n++) {
        ip('netns', 'del', 'a')
        await new Promise((resolve) => setTimeout(resolve, 40))
        ip('netns', 'add', 'a')
        if (found('a').id === first) again = found('a')
        else observer.know([found('a')])
      }
      out.reused = again !== null
      if (again !== null) {
        const number = observer.numberOf(first)
        observer.know([again])
        out.renumbered = observer.numberOf(first) !== null && observer.numberOf(first) !== number
        ip('-n', 'a', 'link', 'set', 'lo', 'up')
        out.heard = named(observer.drain()).includes('tables a')
      }
      `,
    )
    if (out['reused'] === true) expect(out).toEqual({ reused: true, renumbered: true, heard: true })
  })
}
