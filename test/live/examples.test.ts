/** The examples that are namespaces, a bridge, and the four modes. */
import { expect } from 'vitest'
import { example, onPlayedHosts } from './support-examples.ts'

onPlayedHosts('examples', (player) => {
  example(player, 'two-namespaces', ({ pings }) => {
    expect(pings('red', '10.0.0.2')).toBe(true)
    expect(pings('blue', '10.0.0.1')).toBe(true)
  })

  example(player, 'docker0', ({ host, pings }) => {
    expect(pings('box1', 'box2')).toBe(true)
    const gateway = host.run(['ip', '-n', 'box1', 'route', 'show', 'default']).split(' ')[2] ?? ''
    expect(host.run(['ip', '-o', 'addr', 'show', 'dev', 'lab0'])).toContain(`inet ${gateway}/`)
    expect(host.run(['nft', 'list', 'ruleset'])).toContain('masquerade')
  })

  example(player, 'modes', ({ host, pings }) => {
    const id = (file: string): string => host.run(['stat', '-L', '-c', '%i', file]).trim()
    expect(id('/run/netns/in-same')).toBe(id('/run/netns/in-bridge'))
    expect(id('/run/netns/in-host')).toBe(id('/proc/self/ns/net'))
    expect(host.run(['ip', '-n', 'in-none', '-o', 'link']).trim().split('\n')).toHaveLength(1)
    expect(pings('in-bridge', '127.0.0.1')).toBe(true)
  })
})
