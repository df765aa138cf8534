/** The Log screen beside the real worker and the real kernel, and what it saves. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSnapshot } from '../../src/snapshot/read-snapshot.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal } from '../support/terminal.ts'

if (requires({ root: true, tools: ['ip', 'iptables-nft', 'unshare', 'nsenter'] })) {
  const folder = mkdtempSync(join(tmpdir(), 'vethscope-log-'))
  let host: TestHost
  let program = ''

  beforeAll(async () => {
    program = join(await buildVethscope(), 'main.js')
    host = await playHost()
    host.ip('link add docker0 type bridge', 'addr add 172.17.0.1/16 dev docker0')
    const rule = 'iptables-nft -A FORWARD -s 203.0.113.9 -j DROP'.split(' ')
    expect(host.try(rule).code).toBe(0)
  }, 60_000)
  afterAll(async () => {
    await host.end()
    rmSync(folder, { recursive: true })
  })

  test('a link that is made is an event and a change; a tool that was run has its outcome; both are saved', async () => {
    // Whoever enters a mount namespace stands at its root.
    const here = ['sh', '-c', 'cd "$0" && exec "$@"', folder]
    const terminal = openTestTerminal(host.inside([...here, process.execPath, program]), {
      columns: 120,
      rows: 40,
    })
    try {
      await terminal.waitFor('live')
      await terminal.waitFor('docker0')
      await terminal.press('3')
      await terminal.waitFor('203.0.113.9', 10_000)
      await terminal.press('7')
      const began = Date.now()
      host.ip('link add born type bridge')
      await terminal.waitFor(/change +host +born/, 10_000)
      const seen = await terminal.waitFor(/kernel +host +\d+ link events?/, 10_000)
      // Beside all else that this machine does; by itself it takes a third of a second.
      expect(Date.now() - began).toBeLessThan(3000)
      expect(seen).toMatch(/command +host +(?:ip|x)\S*tables\S*-save.* ok \d+ ms/)
      // Nobody asks for the rules here: that they are others is noticed by their generation.
      expect(host.try('iptables-nft -D FORWARD -s 203.0.113.9 -j DROP'.split(' ')).code).toBe(0)
      await terminal.waitFor(/kernel +host +rule removed: filter FORWARD -s 203\.0\.113\.9/, 15_000)
      await terminal.press('E')
      await terminal.waitFor('saved ./vethscope-vm01-log-')
      await terminal.press('S')
      await terminal.waitFor(/saved vethscope-vm01-\d/, 20_000)
      terminal.send('q')
      expect(await terminal.exited()).toBe(0)
      const files = readdirSync(folder)
      const text = files.find((name) => name.endsWith('.txt')) ?? ''
      expect(statSync(join(folder, text)).mode & 0o777).toBe(0o600)
      expect(readFileSync(join(folder, text), 'utf8')).toMatch(/Z {2}change {4}host {2}born /)
      const snapshot = files.find((name) => name.endsWith('.json.gz')) ?? ''
      expect(existsSync(join(folder, snapshot))).toBe(true)
      const read = await readSnapshot(join(folder, snapshot))
      if (!read.ok) throw new Error(read.failure.what)
      expect(read.value.changes.map(({ subject }) => subject)).toContain('born')
      expect(read.value.log?.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['command', 'kernel']))
    } finally {
      terminal.close()
    }
  }, 60_000)
}
