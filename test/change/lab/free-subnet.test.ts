import { array, assert, constantFrom, integer, nat, property, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { freeSubnet, freeSubnet6 } from '../../../src/change/lab/free-subnet.ts'
import { overlap, type TakenRange } from '../../../src/change/lab/taken-ranges.ts'
import { formatPrefix, parsePrefix, prefixOf, type Prefix } from '../../../src/lib/ip.ts'
import '../../support/property-seed.ts'

const taken = (...texts: readonly string[]): readonly TakenRange[] =>
  texts.flatMap((text) => {
    const prefix = parsePrefix(text)
    return prefix === null ? [] : [{ prefix, what: text, link: null, of: 'route' as const }]
  })

const prefixIn = (text: string) => {
  const prefix = parsePrefix(text)
  if (prefix === null) throw new Error(text)
  return prefix
}

describe('the next free subnet', () => {
  test('comes in the order of Docker: sixteen bits each from 172.17 on, then twenty from 192.168.0.0 on', () => {
    const order: string[] = []
    for (let next = freeSubnet(taken(...order)); next !== null; next = freeSubnet(taken(...order)))
      order.push(next)
    expect(order.slice(0, 2)).toEqual(['172.17.0.0/16', '172.18.0.0/16'])
    expect(order[14]).toBe('172.31.0.0/16')
    expect(order.slice(15, 17)).toEqual(['192.168.0.0/20', '192.168.16.0/20'])
    expect(order.at(-1)).toBe('192.168.240.0/20')
    expect(order).toHaveLength(31)
  })

  test('one that holds a taken address, or lies in a taken network, is left out', () => {
    expect(freeSubnet(taken('172.17.44.3'))).toBe('172.18.0.0/16')
    expect(freeSubnet(taken('172.16.0.0/12'))).toBe('192.168.0.0/20')
    expect(freeSubnet(taken('172.16.0.0/12', '192.168.17.0/24', '192.168.0.0/20'))).toBe('192.168.32.0/20')
  })

  test('IPv6: a unique local /64, the same of the same name, another of another', () => {
    const own = freeSubnet6('lab0', [])
    expect(own).toMatch(/^fd[0-9a-f]{2}:.*::\/64$/)
    expect(freeSubnet6('lab0', [])).toBe(own)
    expect(freeSubnet6('lab1', [])).not.toBe(own)
    expect(freeSubnet6('lab0', taken(own ?? ''))).not.toBe(own)
    expect(freeSubnet6('lab0', taken('fd00::/8'))).toBeNull()
  })

  const near = tuple(
    constantFrom('172.16.0.0/12', '192.168.0.0/16', '10.0.0.0/8'),
    nat(0xffffff),
    integer({ min: 8, max: 32 }),
  ).map(([text, offset, length]): Prefix => {
    const base = prefixIn(text)
    const inside = BigInt(offset) % (1n << BigInt(32 - base.length))
    return prefixOf({ family: 'inet', value: base.value + inside }, length)
  })

  test('whatever is taken, it overlaps none of it, and nothing before it in the order was free', () => {
    const order = Array.from({ length: 31 }, (_, at) =>
      at < 15 ? `172.${17 + at}.0.0/16` : `192.168.${16 * (at - 15)}.0/20`,
    )
    assert(
      property(array(near, { maxLength: 40 }), (prefixes) => {
        const found = freeSubnet(taken(...prefixes.map(formatPrefix)))
        const isFree = (text: string) => !prefixes.some((prefix) => meets(prefix, prefixIn(text)))
        expect(found).toBe(order.find(isFree) ?? null)
      }),
    )
  })

  test('two networks overlap where one of them has an address of the other, and only there', () => {
    assert(
      property(near, near, (a, b) => {
        expect(overlap(a, b)).toBe(meets(a, b))
        expect(overlap(b, a)).toBe(meets(a, b))
      }),
    )
    expect(overlap(prefixIn('10.0.0.0/8'), prefixIn('a00::/8'))).toBe(false)
  })
})

/** By first and last address, not by bits. */
function meets(a: Prefix, b: Prefix): boolean {
  const last = ({ value, length }: Prefix) => value + (1n << BigInt(32 - length)) - 1n
  return a.value <= last(b) && b.value <= last(a)
}
