import { describe, expect, test } from 'vitest'
import { find } from '../../src/derive/find.ts'
import type { World } from '../../src/model/world.ts'
import { dockerWorld } from '../support/docker-world.ts'
import { link, netns, world } from '../support/world.ts'

const names = (given: World, text: string): readonly string[] =>
  find(given, text).map(
    ({ near, what, owner, ref }) =>
      `${near === true ? 'like' : 'is'} ${what} ${what === 'netns' ? owner?.name : ref.name}`,
  )

const webs = world([
  netns(1, 'host', { links: [link('dummy', { ifindex: 2, name: 'uplink-west' })] }),
  netns(2, 'web1'),
  netns(3, 'web-blue-1'),
  netns(4, 'shop-web1'),
  netns(5, '3f9a0c77d1e2'),
])

describe('names that are only like the text', () => {
  test('are offered where nothing is it, best first, and say that they are no hits', () => {
    expect(names(webs, 'wb1')).toEqual(['like netns web1', 'like netns shop-web1', 'like netns web-blue-1'])
    expect(find(webs, 'wb1')[0]).toMatchObject({ token: 'wb1', near: true })
    expect(find(webs, 'wb1')[0]?.says).toMatch(/^name like wb1: netns web1 /)
    expect(names(webs, 'WB1')[0]).toBe('like netns web1')
  })

  test('are not offered beside what is found', () => {
    expect(names(webs, 'web1')).toEqual(['is netns web1'])
    // A part of a name is found in it.
    expect(names(webs, 'eb1')).toEqual(['is netns web1', 'is netns shop-web1'])
    expect(names(webs, 'host wb1')).toEqual(['is netns host'])
  })

  test('are those of links, containers and networks too', () => {
    expect(names(webs, 'upwst')).toEqual(['like link uplink-west'])
    expect(names(dockerWorld(null), 'ngx1')).toContain('like container nginx1')
    expect(names(dockerWorld(null), 'brdge')).toContain('like network bridge')
  })

  test.each([':81', '10.9', '3f9e', '3f9a0c78', 'pid:9', '02:42:00', '99', 'b1', 'x', 'wb1@if7'])(
    '%s is no name, or begins none',
    (text) => {
      expect(find(webs, text).filter(({ near }) => near === true)).toEqual([])
    },
  )

  test('of a thousand namespaces they are a handful, and cost no more than a key may', () => {
    const [host] = webs.netns
    if (host === undefined) throw new Error('no host')
    const many = world([
      host,
      ...Array.from({ length: 1000 }, (_, at) =>
        netns(100 + at, `web-${at}-blue`, {
          links: [link('dummy', { ifindex: 2, name: 'eth0' }), link('dummy', { ifindex: 3, name: `d${at}` })],
        }),
      ),
    ])
    find(many, 'wbl')
    const began = performance.now()
    const rounds = 20
    for (let at = 0; at < rounds; at += 1) expect(find(many, `w${at}bl`).length).toBeLessThanOrEqual(6)
    expect((performance.now() - began) / rounds).toBeLessThan(25)
  })
})
