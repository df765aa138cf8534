/** Rules on the real kernel: nat beside the tools' own lists, and a published port to whoever listens at its end. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

type Rule = { readonly number: number; readonly packets: number | null; readonly words: string }
type Table = {
  readonly name: string
  readonly family: string
  readonly backend: string
  readonly chains: readonly { readonly name: string; readonly rules: readonly Rule[] }[]
}

if (
  requires({ root: true, tools: ['ip', 'iptables-nft', 'iptables-nft-save', 'nft', 'nsenter', 'python3'] })
) {
  let host: TestHost
  let main: string

  const json = (...args: readonly string[]) => {
    const { stdout } = host.try([process.execPath, main, ...args, '--json'])
    return JSON.parse(stdout)
  }
  const listenOn = async (address: string, port: number) => {
    const code = `import socket,time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("${address}", ${port})); s.listen()
print("listens", flush=True); time.sleep(1000)`
    await host.start(['ip', 'netns', 'exec', 'web', 'python3', '-c', code])
  }

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost('nathost')
    host.ip(
      'link set lo up',
      'netns add web',
      'link add br0 type bridge',
      'addr add 172.19.0.1/16 dev br0',
      'link set br0 up',
      'link add vethweb type veth peer name eth0 netns web',
      'link set vethweb master br0 up',
    )
    const inside = 'addr add 172.19.0.2/16 dev eth0\nlink set eth0 up\nlink set lo up\n'
    host.run(['ip', '-n', 'web', '-batch', '-'], { input: inside })
    for (const rule of [
      '-t nat -N DOCKER',
      '-t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
      '-t nat -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER',
      '-t nat -A POSTROUTING -s 172.19.0.0/16 ! -o br0 -j MASQUERADE',
      '-t nat -A DOCKER -i br0 -j RETURN',
      '-t nat -A DOCKER ! -i br0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.19.0.2:80',
      '-t nat -A DOCKER ! -i br0 -p tcp -m tcp --dport 8081 -j DNAT --to-destination 172.19.0.2:81',
      '-t nat -A DOCKER ! -i br0 -p tcp -m tcp --dport 8082 -j DNAT --to-destination 172.19.0.2:82',
      '-A FORWARD -s 172.19.0.9 -m comment --comment the-printer -j DROP',
    ])
      host.run(['iptables-nft', ...rule.split(' ')])
    host.run(['nft', '-f', '-'], {
      input: `table inet mine {
        chain ports {
          tcp dport { 9090, 9091 } dnat ip to 172.19.0.2:80
        }
        chain pre {
          type nat hook prerouting priority -90
          iifname vmap { "eth0" : jump ports, "eth1" : jump ports }
        }
      }`,
    })
    await listenOn('0.0.0.0', 80)
    await listenOn('127.0.0.1', 81)
  })
  afterAll(async () => {
    await host.end()
  })

  test('nat has every rule of iptables-save, in its order and under its numbers', () => {
    const { tables } = json('nat') as { tables: readonly Table[] }
    for (const name of ['nat', 'filter']) {
      const table = tables.find((each) => each.name === name && each.family === 'ip')
      const saved = host.run(['iptables-nft-save', '-t', name])
      expect(table?.backend).toBe('iptables-nft')
      for (const chain of table?.chains ?? []) {
        const lines = saved.split('\n').filter((line) => line.startsWith(`-A ${chain.name} `))
        expect(chain.rules.map(({ number }) => number)).toEqual(lines.map((_, at) => at + 1))
      }
      const count = table?.chains.reduce((sum, chain) => sum + chain.rules.length, 0)
      expect(count).toBe(saved.split('\n').filter((line) => line.startsWith('-A ')).length)
    }
    const words = tables.flatMap((table) =>
      table.chains.flatMap(({ rules }) => rules.map((rule) => rule.words)),
    )
    expect(words).toContain(
      "packets from 172.19.0.0/16 that leave by any link but br0 get that link's address",
    )
    expect(words).toContain(
      'tcp packets to port 8080 that came in by any link but br0 are sent on to web (172.19.0.2) port 80',
    )
  })

  test('ls ports tells what is served from what only listens on 127.0.0.1 and from what nobody serves', () => {
    const { published, listening } = json('ls', 'ports')
    const short = published
      .filter((each: { rule: unknown; netns: { name: string } }) => each.netns.name === 'host')
      .map(
        (each: { hostPort: number; serves: string; rule: { chain: string; number: number } }) =>
          `${each.hostPort} ${each.serves} ${each.rule.chain} ${each.rule.number}`,
      )
    expect(short).toEqual([
      '8080 yes DOCKER 2',
      '8081 loopback DOCKER 3',
      '8082 no DOCKER 4',
      '9090 yes ports 1',
      '9091 yes ports 1',
    ])
    const mine = listening.filter((each: { netns: { name: string } }) => each.netns.name === 'web')
    expect(mine).toEqual([
      expect.objectContaining({
        address: '0.0.0.0',
        port: 80,
        protocol: 'tcp',
        process: expect.objectContaining({ name: 'python3' }),
      }),
      expect.objectContaining({ address: '127.0.0.1', port: 81 }),
    ])
  })

  test('one find tells whose a link is, which rule publishes its ports, and whether anything listens', () => {
    const [found] = json('find', 'vethweb')
    expect(found.peer).toMatchObject({ netns: { name: 'web' }, name: 'eth0' })
    expect(found.publishedBy).toContain(
      'rule 2 of DOCKER in table nat (iptables-nft) (0.0.0.0:8080/tcp, 0.0.0.0:80 listens)',
    )
    expect(found.publishedBy).toContain('(0.0.0.0:8082/tcp, nothing listens there)')
    const [rule] = json('find', 'the-printer')
    expect(rule).toMatchObject({ what: 'rule', ref: { rule: { chain: 'FORWARD', number: 1 } } })
  })
}
