/** Sockets alone say what they say among all details, with either reader. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDetails } from '../../src/collect/add-details.ts'
import { readWorld } from '../../src/collect/collector.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'

const listens = `
import socket, time
s = socket.socket(); s.bind(('127.0.0.1', 8081)); s.listen()
print('listens', flush=True); time.sleep(600)`

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'python3'] })) {
  let host: TestHost

  beforeAll(async () => {
    host = await playHost()
    await host.start(['python3', '-c', listens])
  })
  afterAll(async () => host.end())

  test.each(['netlink', 'ip'] as const)('sockets without the other details: %s', async (reader) => {
    const plain = await readWorld({ reader, details: false, deep: false })
    if (!plain.ok) throw new Error(plain.failure.what)
    const there = plain.value.netns.find(({ holders }) => holders.processes.includes(host.pid))?.id
    if (there === undefined) throw new Error('the host was not found')
    const detailsOf = async (only?: 'sockets') => {
      const read = await addDetails(plain.value, [there], { reader, only })
      if (!read.ok) throw new Error(read.failure.what)
      return read.value.netns.find(({ id }) => id === there)?.details ?? null
    }
    const [alone, all] = [await detailsOf('sockets'), await detailsOf()]
    expect(alone?.sockets).toEqual(all?.sockets)
    expect(alone?.sockets).toContainEqual(
      expect.objectContaining({ state: 'LISTEN', local: { address: '127.0.0.1', port: 8081 } }),
    )
    expect(alone?.sysctls).toHaveProperty('unknown')
    expect(all?.sysctls).not.toHaveProperty('unknown')
  })
}
