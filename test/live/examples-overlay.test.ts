/** The example of several hosts, what becomes of it where a part fails, and scripts of examples. */
import { expect, test } from 'vitest'
import { example, onPlayedHosts } from './support-examples.ts'

onPlayedHosts('examples', (player) => {
  example(player, 'overlay', ({ pings, change, state }) => {
    expect(pings('far1', 'far2')).toBe(true)
    expect(pings('far2', 'far1')).toBe(true)
    // As large as the tunnel leaves of the cable's 1500: 20 of IPv4 and 8 of ICMP are in it.
    expect(pings('far1', 'far2', '-Mdo', '-s', '1422')).toBe(true)
    expect(pings('far1', 'far2', '-Mdo', '-s', '1423')).toBe(false)
    // A host whose lab stands is not taken away, neither by undo nor by name.
    const there = state()
    for (const line of [['undo'], ['node', 'rm', 'host2']]) {
      const { code, said } = change(...line)
      expect(code, said).toBe(5)
      expect(said).toMatch(/netns host[12] plays the host of a lab \(network far, node far[12]\)/)
    }
    expect(state()).toEqual(there)
  })

  test('a part that cannot be made takes back those before it', () => {
    const { host, change, state, before } = player()
    // Free for the first two parts.
    host.ip('netns add far2')
    const busy = state()
    const { code, said } = change('example', 'overlay')
    expect(code, said).toBe(5)
    expect(said).toContain('netns far2 exists already')
    expect(said).toContain('what was made before is taken back')
    expect(state()).toEqual(busy)
    host.ip('netns del far2')
    expect(state()).toEqual(before)
  }, 240_000)

  test('the script that --dry-run prints makes the same', () => {
    const { host, run, change, state, before, pings } = player()
    const script = run('example', 'two-namespaces', '--dry-run')
    expect(script.code).toBe(0)
    expect(state()).toEqual(before)
    host.run(['sh'], { input: script.stdout })
    expect(pings('red', '10.0.0.2')).toBe(true)
    const removed = change('example', 'two-namespaces', '--remove')
    expect(removed.code, removed.said).toBe(0)
    expect(state()).toEqual(before)
  }, 240_000)
})
