/** When a namespace's rules are read again. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { generationOf } from '../../src/collect/firewall/probe-by-netlink.ts'
import { readFirewall } from '../../src/collect/firewall/read-firewall.ts'
import type { Libc } from '../../src/collect/kernel/libc.ts'
import { liveFirewall } from '../../src/collect/live-firewall.ts'
import type { FoundNetns } from '../../src/collect/reader.ts'
import { netnsId, type NetnsId } from '../../src/model/ids.ts'
import type { Firewall } from '../../src/model/ruleset.ts'
import { chain, firewall, nftTable } from '../support/ruleset.ts'

vi.mock('../../src/collect/firewall/read-firewall.ts')
vi.mock('../../src/collect/firewall/probe-by-netlink.ts')

const web = netnsId(2)
const libc = {} as Libc
const leads = (id: NetnsId): FoundNetns => ({ id }) as FoundNetns
const { signal } = new AbortController()
const rules = (generation: number | null): Firewall => ({ ...firewall([]), generation })
const legacy = firewall([
  { ...nftTable('ip', 'nat', [chain('POSTROUTING', [{}])]), backend: 'iptables-legacy' },
])

const reading = vi.mocked(readFirewall)
const generation = vi.mocked(generationOf)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  reading.mockReset()
  generation.mockReset()
})
afterEach(() => void vi.useRealTimers())

function later(ms: number): void {
  vi.setSystemTime(Date.now() + ms)
}

test('rules of the same generation are not read again, however old', async () => {
  reading.mockResolvedValue(rules(7))
  generation.mockReturnValue(7)
  const live = liveFirewall(libc, leads, signal)
  const first = await live.sameRules(web)
  later(3_600_000)
  expect(await live.sameRules(web)).toBe(first)
  expect(reading).toHaveBeenCalledTimes(1)
  generation.mockReturnValue(8)
  reading.mockResolvedValue(rules(8))
  expect((await live.sameRules(web))?.firewall.generation).toBe(8)
})

test('legacy tables have no generation: read again after half a minute', async () => {
  reading.mockResolvedValue({ ...legacy, generation: 7 })
  generation.mockReturnValue(7)
  const live = liveFirewall(libc, leads, signal)
  await live.sameRules(web)
  later(30_000)
  await live.sameRules(web)
  expect(reading).toHaveBeenCalledTimes(1)
  later(1)
  await live.sameRules(web)
  expect(reading).toHaveBeenCalledTimes(2)
})

test('what could not be read is tried again after half a minute too', async () => {
  const unread = [
    { backend: 'nft', family: null, table: null, unknown: 'nft is not installed', hint: null },
  ] as const
  reading.mockResolvedValue({ ...rules(7), unread })
  generation.mockReturnValue(7)
  const live = liveFirewall(libc, leads, signal)
  await live.sameRules(web)
  await live.sameRules(web)
  later(30_001)
  await live.sameRules(web)
  expect(reading).toHaveBeenCalledTimes(2)
})

test('a kernel that tells no generation, or no kernel to ask: read each time', async () => {
  reading.mockResolvedValue(rules(null))
  for (const by of [libc, null]) {
    const live = liveFirewall(by, leads, signal)
    reading.mockClear()
    await live.sameRules(web)
    await live.sameRules(web)
    expect(reading).toHaveBeenCalledTimes(2)
  }
})

test('gone: nothing, also not what was read before', async () => {
  reading.mockResolvedValue(rules(7))
  generation.mockReturnValue(7)
  let there = true
  const live = liveFirewall(libc, (id) => (there ? leads(id) : null), signal)
  await live.sameRules(web)
  there = false
  expect(await live.sameRules(web)).toBeNull()
  expect(await live.fresh(web, Infinity)).toBeNull()
  expect(reading).toHaveBeenCalledTimes(1)
})

test('fresh: kept as long as it is young enough; who asks meanwhile gets the same reading', async () => {
  let answer: (read: Firewall) => void = () => {}
  reading.mockImplementation(() => new Promise((done) => (answer = done)))
  const live = liveFirewall(libc, leads, signal)
  const both = [live.fresh(web, 0), live.fresh(web, 1000), live.sameRules(web)]
  answer(rules(7))
  const [first, ...others] = await Promise.all(both)
  expect(others.every((each) => each === first)).toBe(true)
  later(1000)
  expect(await live.fresh(web, 1000)).toBe(first)
  expect(reading).toHaveBeenCalledTimes(1)
  later(1)
  const again = live.fresh(web, 1000)
  answer(rules(8))
  expect((await again)?.firewall.generation).toBe(8)
})

test('a reading that fails is told to who asked, and the next is made anew', async () => {
  reading.mockRejectedValueOnce(new Error('broken')).mockResolvedValue(rules(7))
  const live = liveFirewall(libc, leads, signal)
  await expect(live.fresh(web, 0)).rejects.toThrow('broken')
  expect((await live.fresh(web, 0))?.firewall.generation).toBe(7)
})

test('the rules of a namespace that went away are let go with the next reading of another', async () => {
  reading.mockResolvedValue(rules(7))
  generation.mockReturnValue(7)
  let isThere = true
  const live = liveFirewall(libc, (id) => (id === web && !isThere ? null : leads(id)), signal)
  await live.sameRules(web)
  isThere = false
  await live.sameRules(netnsId(3))
  // The same inode again is another namespace.
  isThere = true
  await live.sameRules(web)
  expect(reading).toHaveBeenCalledTimes(3)
  expect(reading.mock.calls[2]?.[1]).toMatchObject({ before: null })
})
