/** What `f` finds on the live screen: at once from its own World, then with what the worker knows of rules and sockets. */
import { beforeAll, describe, expect, test } from 'vitest'
import { find } from '../../src/derive/find.ts'
import { portsView } from '../../src/derive/ports-view.ts'
import { beside, portsWorld, replay, row } from './ports-world.ts'
import { socket } from '../support/docker-world.ts'
import type { Screen } from './screen.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const whole = portsWorld()

/** The lines of the results, from their heading on. */
function results(it: Screen): readonly string[] {
  const lines = it.text().split('\n')
  return lines.slice(lines.findIndex((line) => /^━> (?:found|find)/.test(line)))
}

const chosen = (it: Screen): string => results(it).find((line) => line.startsWith('>')) ?? ''

function typing(text: string, world = whole) {
  const { it } = beside(world)
  it.keys('f')
  it.type(text)
  return {
    it,
    answer: (of = text) => it.worker({ type: 'found', text: of, value: find(world, of) }),
  }
}

describe('one f answers', () => {
  test('which container is behind a veth, its address, which rule publishes it, and who listens there', () => {
    const { it, answer } = typing('vethe8201cd')
    expect(chosen(it)).toMatch(/vethe8201cd, .*⇄ eth0 in nginx1/)
    expect(results(it).join('\n')).not.toContain('rule 3 of DOCKER')
    answer()
    const told = results(it).join(' ').replaceAll(/\s+/g, ' ')
    expect(told).toMatch(/docker container nginx1 [0-9a-f]{12} address 172\.17\.0\.3/)
    expect(told).toContain('published by rule 3 of DOCKER in table nat')
    expect(told).toContain('0.0.0.0:80 listens')
  })

  test('and says so where nobody does', () => {
    const { it, answer } = typing('vethe8201cd', portsWorld({ nginx1: [] }))
    answer()
    expect(results(it).join(' ').replaceAll(/\s+/g, ' ')).toContain('nothing listens there')
  })
})

describe('while the answer comes', () => {
  test('what is here is shown at once; where that is nothing, it says that it still looks', () => {
    const { it, answer } = typing(':8080')
    expect(it.text()).toContain('looking through rules and sockets too')
    expect(it.text()).not.toContain('nothing here is')
    answer()
    expect(chosen(it)).toContain('0.0.0.0:8080/tcp leads to nginx1 172.17.0.3:80')
    const { it: other, answer: nothing } = typing('nosuchthing')
    nothing()
    expect(other.text()).toContain('nothing here is, or holds, that')
  })

  test('names that are only like it wait for the answer, and say that they are no more than that', () => {
    const { it, answer } = typing('ngx1')
    expect(it.text()).toContain('looking through rules and sockets too')
    answer()
    expect(it.text()).toMatch(/found nothing, but (?:a name|\d names) like it/)
    expect(chosen(it)).toMatch(/nginx1 +name like ngx1: /)
    it.keys('enter')
    expect(it.state.screen).toBe('topology')
    expect(it.state.mode.type).toBe('browse')
  })

  test('an answer to another text is not taken for one to this', () => {
    const { it, answer } = typing('vethe8201cd')
    answer('veth195490d')
    expect(chosen(it)).toContain('vethe8201cd')
    expect(results(it).join('\n')).not.toContain('veth195490d')
  })

  test('the cursor stays on the thing it was on, also when something comes above it', () => {
    const sockets = { nginx1: [socket('tcp', '172.17.0.3', 80), socket('tcp', '172.17.0.3', 81)] }
    const { it } = typing('172.17.0.2 172.17.0.3', portsWorld(sockets))
    it.keys('down')
    const before = chosen(it)
    const value = find(portsWorld(sockets), '172.17.0.2 172.17.0.3')
    const [first] = value
    if (first === undefined) throw new Error('nothing was found')
    const more = Array.from({ length: 3 }, (_, at) => ({
      ...first,
      what: 'neighbour' as const,
      says: `${at}`,
    }))
    it.worker({ type: 'found', text: '172.17.0.2 172.17.0.3', value: [...more, ...value] })
    expect(chosen(it).slice(0, 30)).toBe(before.slice(0, 30))
    expect(it.state.mode).toMatchObject({ type: 'find', cursor: 4 })
  })
})

describe('Enter', () => {
  test('leads from a published port to the rule that does it', () => {
    const { it, answer } = typing(':8080')
    answer()
    it.keys('enter')
    expect(it.state.screen).toBe('rules')
    expect(it.state.rules.locate).toMatchObject({ chain: 'DOCKER', number: 3 })
  })

  test('leads from a port that no rule does to its row of the Ports screen', () => {
    const world = portsWorld()
    const { it } = typing(':8080', world)
    const value = find(world, ':8080').map(({ ref: { netns, address, port = 0 }, ...found }) => ({
      ...found,
      ref: { netns, port, ...(address === undefined ? {} : { address }) },
    }))
    expect(value).toHaveLength(1)
    it.worker({ type: 'found', text: ':8080', value })
    it.keys('enter')
    expect([it.state.screen, it.state.pages.ports]).toEqual(['ports', 'published'])
    expect(it.state.tables.published.filter).toContain(':80')
    it.keys('backspace')
    expect(it.state.screen).toBe('topology')
  })
})

test('Enter on a socket leads to its row among those that listen', () => {
  const { it, answer } = typing('172.17.0.3:80')
  answer()
  const at = find(whole, '172.17.0.3:80').findIndex(({ what }) => what === 'socket')
  expect(at).toBeGreaterThanOrEqual(0)
  it.keys(...Array.from({ length: at }, () => 'down'), 'enter')
  expect([it.state.screen, it.state.pages.ports]).toEqual(['ports', 'listening'])
  it.worker({ type: 'ports', value: portsView(whole) })
  expect(row(it, '0.0.0.0:80 ')).toMatch(/^> .*nginx1 +nginx 812/)
  expect(row(it, '127.0.0.1:6379')).toBe('')
})

test('a recording is searched whole at once', () => {
  const it = replay(whole)
  it.keys('f')
  it.type('vethe8201cd')
  expect(results(it).join(' ').replaceAll(/\s+/g, ' ')).toContain('published by rule 3 of DOCKER')
})

test('one thing is told as far as half the screen goes, and then it says that there is more', () => {
  const { it } = typing('vethe8201cd')
  const tell = (rules: number) => {
    const publishedBy = Array.from(
      { length: rules },
      (_, at) => `rule ${at} of DOCKER (0.0.0.0:${at}/tcp)`,
    ).join('; ')
    const value = find(whole, 'vethe8201cd').map((found) => ({ ...found, publishedBy }))
    it.worker({ type: 'found', text: 'vethe8201cd', value })
    return results(it).join(' ').replaceAll(/\s+/g, ' ')
  }
  expect(tell(9)).toContain('rule 8 of DOCKER (0.0.0.0:8/tcp)')
  expect(tell(9)).not.toMatch(/tcp\);? …/)
  expect(tell(90)).toMatch(/ … find: /)
  expect(results(it).length).toBeLessThanOrEqual(14)
})
