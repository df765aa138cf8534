/** The Rules screen beside the real worker and the real kernel: rules appear, counters grow while one looks. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal } from '../support/terminal.ts'

if (requires({ root: true, tools: ['ip', 'iptables-nft', 'unshare', 'nsenter', 'ping'] })) {
  let host: TestHost
  let program = ''

  beforeAll(async () => {
    program = join(await buildVethscope(), 'main.js')
    host = await playHost()
    host.ip('link set lo up')
    host.ip('link add docker0 type bridge')
    host.ip('addr add 172.17.0.1/16 dev docker0')
    iptables('-t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE')
    iptables('-A OUTPUT -p icmp -m comment --comment counted -j ACCEPT')
  }, 60_000)
  afterAll(async () => host.end())

  function iptables(args: string): void {
    const { code, stderr } = host.try(['iptables-nft', ...args.split(' ')])
    expect([code, stderr]).toEqual([0, ''])
  }

  test('a rule counts while one looks, and a new one appears', async () => {
    const terminal = openTestTerminal(host.inside([process.execPath, program]), { columns: 120, rows: 40 })
    try {
      await terminal.waitFor('live')
      await terminal.waitFor('docker0')
      await terminal.press('3')
      await terminal.waitFor('1 MASQUERADE 172.17.0.0/16', 10_000)
      expect(terminal.screen.line('1 MASQUERADE 172.17')).toMatch(/^>.* 0 +0$/)
      expect(terminal.screen.line('packets from 172.17.0.0/16')).toContain('any link but docker0')
      await terminal.waitFor(/1 ACCEPT +icmp/)
      host.try(['ping', '-c', '2', '-i', '0.2', '127.0.0.1'])
      // Requests and answers are both sent from here.
      await terminal.waitFor(/1 ACCEPT +icmp.* 4 +336 +\+4/, 10_000)
      iptables('-A OUTPUT -d 203.0.113.9 -j DROP')
      await terminal.waitFor(/2 DROP +any > 203\.0\.113\.9/, 10_000)
      terminal.send('q')
      expect(await terminal.exited()).toBe(0)
    } finally {
      terminal.close()
    }
  }, 60_000)

  test('n leads from a finding to its rule, ) to the next namespace that has rules, Backspace back', async () => {
    const fillers = Array.from({ length: 60 }, (_, at) => `-A PUBLISHED -s 198.51.100.${at}/32 -j RETURN`)
    const nobody = '-A PUBLISHED -p tcp -m tcp --dport 8099 -j DNAT --to-destination 172.17.0.77:80'
    const lines = [
      '*nat',
      ':PUBLISHED - [0:0]',
      '-A PREROUTING -j PUBLISHED',
      ...fillers,
      nobody,
      'COMMIT',
      '',
    ]
    host.run(['iptables-nft-restore', '--noflush'], { input: lines.join('\n') })
    host.ip('netns add inner')
    host.run([
      'ip',
      'netns',
      'exec',
      'inner',
      'iptables-nft',
      '-A',
      'INPUT',
      '-s',
      '203.0.113.77',
      '-j',
      'DROP',
    ])
    const terminal = openTestTerminal(host.inside([process.execPath, program]), { columns: 120, rows: 40 })
    try {
      await terminal.waitFor('live')
      await terminal.waitFor(/F07 .*172\.17\.0\.77/, 20_000)
      for (let times = 0; times < 9 && !/: F07 /.test(terminal.text()); times++) await terminal.press('n')
      await terminal.waitFor(/> +61 DNAT +tcp :8099 > 172\.17\.0\.77:80/, 10_000)
      await terminal.waitFor(/PREROUTING > PUBLISHED/)
      await terminal.press(')')
      await terminal.waitFor(/DROP +203\.0\.113\.77/, 10_000)
      await terminal.press('\x7f')
      await terminal.waitFor(/> +61 DNAT/, 10_000)
      terminal.send('q')
      expect(await terminal.exited()).toBe(0)
    } finally {
      terminal.close()
    }
  }, 60_000)
}
