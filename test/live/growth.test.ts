/** What a failed probe tells of the counters that grew: the rule that dropped it, or where the kernel threw it away. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (
  requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'iptables-nft', 'nft', 'nstat', 'python3'] })
) {
  let host: TestHost
  let main: string

  type Growth = {
    netns: { name: string }
    what: string
    name: string
    by: number
    says: string
    command: string
  }

  const tcp = (netns: string, target: string, ...more: readonly string[]) => {
    const { code, stdout, stderr } = host.try([process.execPath, main, 'tcp', netns, target, ...more])
    return { code, stdout, stderr }
  }
  const grown = (netns: string, target: string): readonly Growth[] => {
    const { code, stdout, stderr } = tcp(netns, target, '--timeout', '0.4', '--json')
    expect([code, stderr]).toEqual([1, ''])
    return JSON.parse(stdout).grown
  }
  const named = (all: readonly Growth[]) => all.map(({ netns, name }) => `${netns.name}: ${name}`)

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost('growthhost')
    host.ip('netns add web', 'netns add db')
    for (const [name, net] of [
      ['web', '10.81.0'],
      ['db', '10.82.0'],
    ] as const) {
      host.ip(
        `link add h-${name} type veth peer name eth0 netns ${name}`,
        `addr add ${net}.1/24 dev h-${name}`,
        `link set h-${name} up`,
      )
      host.run(['ip', '-n', name, '-batch', '-'], {
        input: `addr add ${net}.2/24 dev eth0\nlink set eth0 up\nlink set lo up\nroute add default via ${net}.1\n`,
      })
    }
    host.run(['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward'])
  })
  afterAll(() => host.end())

  test('a DROP of the host is the first, by its number, with the command that shows it', () => {
    host.run(['iptables-nft', '-A', 'FORWARD', '-p', 'tcp', '--dport', '81', '-j', 'ACCEPT'])
    host.run(['iptables-nft', '-A', 'FORWARD', '-p', 'tcp', '--dport', '80', '-j', 'DROP'])
    const [first] = grown('web', '10.82.0.2:80')
    expect(first).toMatchObject({
      netns: { name: 'host' },
      what: 'rule',
      name: 'filter FORWARD 2 DROP',
      by: 1,
      command: 'iptables-nft -t filter -vnL FORWARD --line-numbers',
    })
    expect(host.run(['sh', '-c', first?.command ?? ''])).toMatch(/^2 +[12] .*DROP/m)
    const { stdout } = tcp('web', '10.82.0.2:80', '--timeout', '0.4')
    expect(stdout).toMatch(
      /meanwhile:\n {2}host {2}filter FORWARD 2 DROP {2}\+1\n {6}TCP packets to port 80/i,
    )
    host.run(['iptables-nft', '-F', 'FORWARD'])
  })

  test('of pings exactly those that were sent', () => {
    host.run(['iptables-nft', '-A', 'FORWARD', '-p', 'icmp', '-j', 'REJECT'])
    const asked = ['ping', 'web', '10.82.0.2', '-c', '3', '-i', '0.2', '-W', '0.3', '--json']
    const { code, stdout } = host.try([process.execPath, main, ...asked])
    host.run(['iptables-nft', '-F', 'FORWARD'])
    const { transmitted, grown: all } = JSON.parse(stdout)
    expect([code, transmitted]).toEqual([1, 3])
    expect(all[0]).toMatchObject({ name: 'filter FORWARD 1 REJECT', by: 3 })
  })

  test('a drop of nftables inside the target, and a policy', () => {
    const nft = (text: string) => host.run(['ip', 'netns', 'exec', 'db', 'nft', '-f', '-'], { input: text })
    nft(
      'add table inet guard\nadd chain inet guard in { type filter hook input priority 0; }\n' +
        'add rule inet guard in tcp dport 80 counter drop\n',
    )
    const [first] = grown('web', '10.82.0.2:80')
    expect(first).toMatchObject({ netns: { name: 'db' }, name: 'inet guard in 1 DROP', by: 1 })
    expect(first?.command).toBe('ip netns exec db nft -a list chain inet guard in')
    nft('flush ruleset\n')
    host.run(['iptables-nft', '-P', 'FORWARD', 'DROP'])
    const [policy] = grown('web', '10.82.0.2:80')
    host.run(['iptables-nft', '-P', 'FORWARD', 'ACCEPT'])
    expect(policy).toMatchObject({ netns: { name: 'host' }, name: 'filter FORWARD policy DROP', by: 1 })
  })

  test('rp_filter, and a route that is missing on the way', () => {
    const sysctl = (name: string, value: number) =>
      host.run(['sh', '-c', `echo ${value} > /proc/sys/net/ipv4/conf/${name}/rp_filter`])
    // The way back to web's address leads elsewhere.
    host.ip(
      'addr del 10.81.0.1/24 dev h-web',
      'addr add 10.81.0.1/32 dev h-web',
      'route add 10.81.0.0/24 dev h-db',
    )
    sysctl('all', 1)
    sysctl('h-web', 1)
    expect(named(grown('web', '10.82.0.2:80'))[0]).toBe('host: TcpExt.IPReversePathFilter')
    sysctl('all', 0)
    sysctl('h-web', 0)
    host.ip('route del 10.81.0.0/24 dev h-db', 'route add 10.81.0.0/24 dev h-web')
    const missing = grown('web', '203.0.113.9:80')
    const noRoute = missing.find(({ name }) => name === 'IpExt.InNoRoutes')
    expect(noRoute).toMatchObject({ netns: { name: 'host' }, by: 1, command: 'nstat -asz IpExtInNoRoutes' })
    expect(host.run(['nstat', '-asz', 'IpExtInNoRoutes'])).toMatch(/IpExtInNoRoutes +[1-9]/)
  })

  test('a probe that succeeds tells nothing of it', async () => {
    const listen = `import socket; s = socket.create_server(('10.82.0.2', 7007)); print('ready', flush=True); s.accept(); s.accept()`
    await host.start(['ip', 'netns', 'exec', 'db', 'python3', '-c', listen])
    const { code, stdout } = tcp('web', '10.82.0.2:7007', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).not.toHaveProperty('grown')
    expect(tcp('web', '10.82.0.2:7007').stdout).not.toContain('meanwhile')
  })
}
