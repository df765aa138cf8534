/** The Ports screen beside the real worker and the real kernel: a port with its listener, and connections as they come and go. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal } from '../support/terminal.ts'

const rules = `
table ip nat {
  chain prerouting { type nat hook prerouting priority -100; iifname "out0" tcp dport 8080 dnat to 172.17.0.2:80; }
  chain postrouting { type nat hook postrouting priority 100; ip saddr 172.17.0.0/16 oifname "out0" masquerade; }
}
`
const listen = `
import socket, sys
s = socket.create_server((sys.argv[1], 80)); print('ready', flush=True)
sys.stdin.read()
`
const connect = `
import socket, sys
c = socket.create_connection(('192.0.2.1', 8080)); print('ready', flush=True)
sys.stdin.read()
`

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'nft', 'python3', 'conntrack'] })) {
  let host: TestHost
  let program = ''

  beforeAll(async () => {
    program = join(await buildVethscope(), 'main.js')
    host = await playHost()
    for (const line of [
      'netns add web',
      'netns add client',
      'link set lo up',
      'link add br0 type bridge',
      'link add vweb type veth peer name eth0 netns web',
      'link add out0 type veth peer name eth0 netns client',
      'link set vweb master br0',
      'addr add 172.17.0.1/16 dev br0',
      'addr add 192.0.2.1/24 dev out0',
      'link set br0 up',
      'link set vweb up',
      'link set out0 up',
      '-n web link set lo up',
      '-n web addr add 172.17.0.2/16 dev eth0',
      '-n web link set eth0 up',
      '-n web route add default via 172.17.0.1',
      '-n client addr add 192.0.2.9/24 dev eth0',
      '-n client link set eth0 up',
    ])
      host.run(['ip', ...line.split(' ')])
    host.run(['sysctl', '-qw', 'net.ipv4.ip_forward=1'])
    host.run(['nft', '-f', '-'], { input: rules })
  }, 60_000)
  afterAll(async () => host.end())

  async function started(netns: string, script: string, ...args: readonly string[]) {
    const child = host.spawn(['ip', 'netns', 'exec', netns, 'python3', '-uc', script, ...args])
    await new Promise((resolve) => child.stdout?.once('data', resolve))
    return child
  }

  test('a port tells who listens, a connection appears while one looks, and its end shows', async () => {
    const inner = await started('web', listen, '127.0.0.1')
    const terminal = openTestTerminal(host.inside([process.execPath, program]), { columns: 120, rows: 40 })
    try {
      await terminal.waitFor('live')
      await terminal.waitFor('br0')
      await terminal.press('4')
      await terminal.waitFor(/>! 0\.0\.0\.0:8080\/tcp +web 172\.17\.0\.2:80 +127\.0\.0\.1 only/, 10_000)
      const outer = await started('web', listen, '172.17.0.2')
      await terminal.waitFor(/> {2}0\.0\.0\.0:8080\/tcp +web 172\.17\.0\.2:80 +172\.17\.0\.2:80/, 10_000)
      expect(terminal.text()).toContain('rule 1 of prerouting in table nat (nft, ip)')

      await terminal.press('}')
      await terminal.waitFor(/172\.17\.0\.2:80 +tcp +web +python3/)

      await terminal.press('}', '/')
      terminal.send(':8080')
      await terminal.waitFor('0 rows')
      const began = performance.now()
      const client = await started('client', connect)
      await terminal.waitFor(/192\.0\.2\.9:\d+ +192\.0\.2\.1:8080 +to 172\.17\.0\.2:80 +ESTABLISHED/, 10_000)
      // It is read each second; the rest is for a machine that is busy.
      expect(performance.now() - began).toBeLessThan(5000)
      terminal.send('\r')
      await terminal.waitFor('sent on to 172.17.0.2:80')
      client.stdin?.end()
      await terminal.waitFor(
        /192\.0\.2\.1:8080 +to 172\.17\.0\.2:80 +(?:TIME_WAIT|FIN_WAIT|CLOSE|LAST_ACK)/,
        10_000,
      )
      host.run(['conntrack', '-D', '-p', 'tcp', '--dport', '8080'])
      await terminal.waitFor(/192\.0\.2\.9:\d+ to 192\.0\.2\.1:8080 +is gone/, 10_000)
      await terminal.waitFor(
        /host follows no connection now|none of the \d+ connections of host fits :8080/,
        10_000,
      )

      await terminal.press('f')
      terminal.send('vweb')
      await terminal.waitFor(/published by rule 1 of prerouting .*172\.17\.0\.2:80.* listens/s, 10_000)
      terminal.send('\x1b')
      outer.stdin?.end()
      await terminal.waitFor((text) => !text.includes('find:'))
      terminal.send('q')
      expect(await terminal.exited()).toBe(0)
    } finally {
      inner.stdin?.end()
      terminal.close()
    }
  }, 60_000)
}
