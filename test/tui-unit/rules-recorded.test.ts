/** Screen 3 on recorded hosts, with the facts that each picture must show at every size. */
import { beforeAll, expect, test } from 'vitest'
import { worldOf } from '../support/fixture.ts'
import { expectGolden } from './golden.ts'
import { screen, type Screen } from './screen.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 60, rows: 20 },
] as const

const recorded: readonly {
  readonly name: string
  /** Keys that lead to what is looked at. */
  readonly keys: readonly string[]
  readonly facts: (it: Screen) => void
}[] = [
  {
    name: 'docker',
    keys: [],
    facts: (it) => {
      expect(it.line('>    1 MASQUERADE')).toMatch(/172\.31\.0\.0\/24 > any, not ou.* 1 +84$/)
      expect(it.line('▼ 1 DOCKER ')).toMatch(/to an address of this host .* 1 +60$/)
      expect(it.text()).toContain('packets from 172.31.0.0/24 (front) that leave by any link')
      expect(it.line('$ iptables-nft -t nat -vnL POSTROUTING')).not.toBe('')
    },
  },
  {
    name: 'podman',
    keys: [],
    facts: (it) => {
      expect(it.line('>  ▼ 1 NETAVARK-HOSTPORT-MASQ')).toMatch(/ 2 +80$/)
      expect(it.line('2 MASQUERADE any > !224.0.0.0/4')).not.toBe('')
      expect(it.text().replaceAll(/\s+/g, ' ')).toContain(
        '(Podman: gives marked packets the address of this host)',
      )
    },
  },
  {
    name: 'legacy-and-nft',
    keys: ['[', '[', 'end'],
    facts: (it) => {
      expect(it.line('━> host')).toContain('iptables-legacy ip6')
      expect(it.line('>  OUTPUT')).toMatch(/ 19 +1\.5k$/)
      expect(it.line(' ▼ INPUT')).toMatch(/policy ACCEPT {2}hook input.* \d+ +\d+$/)
      expect(it.text()).toContain('$ ip6tables-legacy -t filter -vnL OUTPUT')
      expect(it.text()).not.toContain('iptables-nft')
    },
  },
  {
    name: 'swarm-1',
    keys: [')'],
    facts: (it) => {
      expect(it.line('━> ingress_sbox  nat')).not.toBe('')
      expect(it.line('1 DNAT       tcp any > 127.0.0.11:53')).not.toBe('')
      expect(it.text().replaceAll(/\s+/g, ' ')).toContain('(Docker: makes the engine')
      expect(it.line('$ nsenter --net=/run/docker/netns/ingress_sbox iptables-nf')).not.toBe('')
    },
  },
  {
    name: 'faults/F08',
    keys: ['j', 'j', 'j'],
    facts: (it) => {
      expect(it.line('>    1 DNAT')).toContain('tcp :8080, to an address of')
      expect(it.line('▼ FORWARD')).toMatch(/policy DROP  hook forward 0$/)
      expect(it.text().replaceAll(/\s+/g, ' ')).toContain('are sent on to n2 (10.7.0.3) port 80')
      expect(it.line('-vnL PREROUTING')).not.toBe('')
    },
  },
  {
    name: 'without-root',
    keys: [],
    facts: (it) => {
      expect(it.text().replaceAll(/\s+/g, ' ')).toContain('the rules of host could not be read')
      expect(it.line('nothing selected')).not.toBe('')
      expect(it.text()).not.toContain('policy')
    },
  },
]

for (const { name, keys, facts } of recorded) {
  for (const size of sizes) {
    const golden = `rules-${name.replace('faults/', '')}-${size.columns}x${size.rows}`
    test(golden, async () => {
      const it = screen({ mode: 'replay', file: `${name}.json.gz`, world: await worldOf(name), size })
      it.send({ type: 'resize', size })
      it.keys('3', ...keys)
      facts(it)
      expectGolden(golden, it.text())
    })
  }
}
