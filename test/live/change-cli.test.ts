/** Changes as they are typed: on a host of its own, by the program as it is shipped. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'nft', 'ping', 'unshare', 'nsenter'] })) {
  let host: TestHost
  let main = ''

  const vethscope = (line: string) => host.try([process.execPath, main, ...line.split(' ')])
  /** What a change came to. */
  const changed = (line: string) => {
    const { code, stdout, stderr } = vethscope(`${line} --yes --json`)
    expect({ line, code, stderr, stdout: code === 0 ? '' : stdout }).toEqual({
      line,
      code: 0,
      stderr: '',
      stdout: '',
    })
    return JSON.parse(stdout)
  }
  const netnsNames = () => host.run(['ls', '/run/netns']).split('\n').filter(Boolean)

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost('changes')
  })
  afterAll(async () => {
    await host.end()
  })

  test('two namespaces, a pair, two addresses, up, ping; and all of it taken back', () => {
    const before = host.run(['ip', '-d', 'addr'])
    const ids = [
      'netns add red',
      'netns add blue',
      'link add-veth red veth0 blue veth0 --up',
      'addr add red veth0 10.0.0.1/24',
      'addr add blue veth0 10.0.0.2/24',
    ].map((line) => {
      const result = changed(line)
      expect(result).toMatchObject({ applied: true, verified: true, left: [], differences: [] })
      expect(result.steps.every(({ outcome }: { outcome: string }) => outcome === 'done')).toBe(true)
      return result.id
    })
    host.run(['ip', 'netns', 'exec', 'red', 'ping', '-c', '1', '-W', '2', '10.0.0.2'])
    const journal = JSON.parse(vethscope('journal --json').stdout)
    expect(journal.map(({ id, state }: { id: number; state: string }) => [id, state])).toEqual(
      ids.map((id) => [id, 'applied']),
    )
    // A later change stands on it.
    const blocked = vethscope(`undo ${ids[0]} --yes`)
    expect(blocked.code).toBe(5)
    // Each reason on a line of its own.
    expect(blocked.stderr).toMatch(new RegExp(`^vethscope: .*vethscope undo ${ids[2]} first$`, 'm'))
    expect(blocked.stderr).toMatch(new RegExp(`^vethscope: .*vethscope undo ${ids[3]} first$`, 'm'))
    for (const id of ids.toReversed()) expect(changed('undo')).toMatchObject({ undoes: id, verified: true })
    expect(netnsNames()).toEqual([])
    expect(host.run(['ip', '-d', 'addr'])).toBe(before)
    const nothing = vethscope('undo --yes')
    expect(nothing.code).toBeGreaterThan(1)
    expect(nothing.stderr).toMatch(/^vethscope: /)
  })

  test('--dry-run runs nothing, and what it prints runs as it stands', () => {
    const dry = vethscope('netns add green --dry-run')
    expect(dry).toMatchObject({ code: 0, stderr: '' })
    expect(netnsNames()).toEqual([])
    expect(JSON.parse(vethscope('netns add green --dry-run --json').stdout)).toMatchObject({
      id: null,
      applied: false,
      verified: false,
      steps: [{ outcome: 'not run', undo: ['ip netns delete green'] }, {}],
    })
    host.run(['sh', '-s'], { input: dry.stdout })
    expect(netnsNames()).toEqual(['green'])
    host.run(['ip', 'netns', 'delete', 'green'])
  })

  test('refused with a sentence, and an exit code that tells why; nothing is changed', () => {
    const refused = (line: string, code: number, says: RegExp) => {
      const result = vethscope(line)
      expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(says) })
    }
    refused('netns add red', 2, /no terminal to ask at; say --yes .* or --dry-run/)
    refused('addr add nowhere eth0 10.0.0.1/24 --yes', 4, /nowhere/)
    refused('link up host nothing0 --yes', 4, /nothing0/)
    refused('netns add a/b --yes', 2, /a\/b/)
    refused('net create lab0 --engine docker --yes', 4, /Docker/)
    refused('netns add red --from x.json --yes', 2, /snapshot/)
    expect(netnsNames()).toEqual([])
    const json = vethscope('link up host nothing0 --yes --json')
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: { kind: 'not-found', subject: expect.any(String) },
    })
    expect(JSON.parse(vethscope('journal --json').stdout).at(-1)).toMatchObject({ state: 'applied' })
  })
}
