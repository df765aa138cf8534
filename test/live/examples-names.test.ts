/** The examples that are about names: two networks, links, a published server. */
import { expect } from 'vitest'
import { example, onPlayedHosts, type Player } from './support-examples.ts'

/** Until it answers. */
const asking = `
import urllib.request, sys, time
for n in range(200):
    try: print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode(), end=""); break
    except OSError: time.sleep(0.1)
`

function ask({ host }: Player, node: string | null, url: string): string {
  const inside = node === null ? [] : ['ip', 'netns', 'exec', node]
  return host.run([...inside, 'python3', '-c', asking, url])
}

onPlayedHosts('examples', (player) => {
  example(player, 'two-networks', ({ host, pings, exits }) => {
    for (const [from, to] of [
      ['client', 'app'],
      ['app', 'client'],
      ['app', 'sql'],
      ['db', 'app.back'],
    ] as const)
      expect(pings(from, to), `${from} to ${to}`).toBe(true)
    // Neither its name is known there, nor is its address reached.
    expect(pings('client', 'db')).toBe(false)
    const addresses = host.run(['ip', '-n', 'db', '-o', '-4', 'addr', 'show', 'dev', 'eth0'])
    const [, address = ''] = /inet ([\d.]+)/.exec(addresses) ?? []
    expect(exits('client', 'ping', '-c1', '-W1', address)).not.toBe(0)
  })

  example(player, 'links', ({ pings, exits }) => {
    expect(pings('shop', 'db')).toBe(true)
    expect(pings('shop', 'store')).toBe(true)
    for (const [from, to] of [
      ['store', 'shop'],
      ['thief', 'store'],
      ['store', 'thief'],
    ] as const)
      expect(exits(from, 'ping', '-c1', '-W1', to), `${from} to ${to}`).not.toBe(0)
  })

  example(player, 'web', (playing) => {
    const { host, run } = playing
    const gateway = host.run(['ip', '-n', 'server', 'route', 'show', 'default']).split(' ')[2] ?? ''
    expect(run('tcp', 'host', '127.0.0.1:8080').stdout).toContain('refused')
    const server = host.spawn([...playing.program, 'http', 'server', '--serve', '80', '--count', '3'])
    expect(ask(playing, null, 'http://127.0.0.1:8080/')).toMatch(/^server answers .*\(host\): GET \/$/m)
    expect(ask(playing, 'visitor', 'http://server/')).toMatch(/^server answers .*\(visitor\): GET \/$/m)
    expect(ask(playing, 'visitor', `http://${gateway}:8080/`)).toMatch(/^server answers .*\(host\): GET \/$/m)
    server.kill()
  })
})
