import { expect, test } from 'vitest'
import { find } from '../../src/derive/find.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { World } from '../../src/model/world.ts'
import { container, endpoint, engine, network } from '../support/engine.ts'
import { bridgedPair, link } from '../support/world.ts'

const redis = container('redis123', 200, {
  endpoints: [endpoint('bridge', { ipv4: '172.17.0.2/16', mac: '02:42:ac:11:00:02', aliases: ['cache'] })],
  ports: [{ hostIp: '0.0.0.0', hostPort: 6380, port: 6379, protocol: 'tcp' }],
})
/** Its namespace cannot be looked into. */
const closed = container('closed', null, {
  state: 'running',
  netns: { unknown: 'its process is not to be seen from here' },
  endpoints: [endpoint('tomcat-net', { ipv4: '172.28.5.9/24', mac: '02:42:ac:1c:05:09' })],
})

function example(): World {
  const pair = bridgedPair()
  return {
    ...pair,
    netns: pair.netns.map((one) =>
      one.id === netnsId(100)
        ? {
            ...one,
            links: [
              ...(one.links as readonly ReturnType<typeof link>[]),
              link('bridge', { ifindex: 9, name: 'br-3d5350aa' }),
            ],
          }
        : one,
    ),
    engines: [
      engine([redis, closed], {
        networks: [network('ov1', null, { id: 'rxmk5d1abcdefghijklmnopqr', driver: 'overlay' })],
      }),
    ],
  }
}

test('a port of a bridge leads to its container, with address, published port and what is not known of it', () => {
  const [found] = find(example(), 'veth0')
  expect(found).toMatchObject({
    what: 'link',
    peer: { name: 'eth0', addresses: ['172.17.0.2/16'] },
    container: { engine: 'docker', name: 'redis123' },
  })
  expect(found?.publishedBy).toContain('its engine, which rule was not read (0.0.0.0:6380/tcp')
  expect(found?.publishedBy).toContain('whether anything listens there is not known')
})

test('an address or a MAC of a namespace that could not be read is what its engine says', () => {
  for (const [text, what] of [
    ['172.28.5.9', 'address 172.28.5.9'],
    ['172.28.5.9/24', 'address 172.28.5.9'],
    ['02:42:AC:1C:05:09', 'MAC 02:42:ac:1c:05:09'],
  ] as const) {
    const hit = find(example(), text).find((one) => one.what === 'container')
    expect(hit?.says).toContain(`${what} on tomcat-net, says the engine, of docker container closed`)
  }
  // The kernel tells of this one.
  expect(find(example(), '172.17.0.2').map((one) => one.what)).not.toContain('container')
})

test('an alias, and the beginning of the id of a Swarm’s network', () => {
  expect(find(example(), 'cache')[0]?.says).toMatch(
    /^cache is an alias on bridge of docker container redis123/,
  )
  expect(find(example(), 'rxmk5d1abc')[0]).toMatchObject({ what: 'network', ref: { name: 'ov1' } })
  expect(find(example(), 'rxmk')).toEqual([])
})

test('a log line that somebody shortened still names its links', () => {
  const tokens = (line: string) =>
    find(example(), line)
      .filter((one) => one.what === 'link')
      .map((one) => `${one.role ?? ''} ${one.ref.name ?? ''}`)
  const line = 'IN=docker0 OUT=br-3d53 SRC=172.17.0.2 DST=172.28.5.9 PROTO=TCP SPT=1 DPT=2'
  expect(tokens(line)).toEqual(['came in by docker0', 'leaves by br-3d5350aa'])
  expect(tokens('a word like br-3d53 alone')).toEqual([])
})
