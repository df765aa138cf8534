/** What --dry-run prints does the same as what is made, and is not done by printing it. */
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { stateAtRest, stateOf, type HostState } from '../support/host-state.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'bridge', 'nft', 'sysctl', 'conntrack', 'flock', 'nsenter'] })) {
  let main = ''
  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
  })

  const changes: readonly (readonly string[])[] = [
    ['netns', 'add', 'red'],
    ['link', 'add-veth', 'host', 'vred', 'red', 'eth0', '--up'],
    ['addr', 'add', 'host', 'vred', '10.9.0.1/24'],
    ['link', 'down', 'host', 'vred'],
    ['net', 'create', 'lab0', '--subnet', '172.19.0.0/16', '--label', "note=it's $(date)"],
    ['node', 'add', 'web', '--network', 'lab0', '--alias', 'www'],
    ['node', 'rm', 'web'],
  ]

  async function hostOf(): Promise<TestHost> {
    const host = await playHost()
    onTestFinished(() => host.end())
    return host
  }

  const vethscope = (host: TestHost, args: readonly string[]) => {
    const { code, stdout, stderr } = host.try([process.execPath, main, ...args])
    expect({ code, stderr: code === 0 ? '' : stderr }, args.join(' ')).toEqual({ code: 0, stderr: '' })
    return stdout
  }

  test('the script of each change, run by sh, leads where making it leads', async () => {
    const [made, scripted] = [await hostOf(), await hostOf()]
    for (const [at, args] of changes.entries()) {
      const isLooked = args[0] === 'node'
      const before = isLooked ? await stateAtRest(scripted) : null
      const script = vethscope(scripted, [...args, '--dry-run'])
      if (before !== null) expect(stateOf(scripted)).toEqual(before)
      scripted.run(['sh', '-s'], { input: script })
      vethscope(made, [...args, '--yes'])
      if (!isLooked && at < changes.length - 1) continue
      const [one, two] = [await stateAtRest(scripted), await stateAtRest(made)]
      expect(alike(one), args.join(' ')).toEqual(alike(two))
    }
  })
}

/** Without what differs from host to host and from second to second. */
function alike(state: HostState): HostState {
  const text = JSON.stringify(state)
    .replaceAll(/\/run\/vethscope\/\d+/g, '/run/vethscope/HOST')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/g, 'MAC')
    .replaceAll(/\b8000\.[0-9a-f:]+/g, '8000.ID')
    .replaceAll(/fe80::[0-9a-f:]+/g, 'fe80::LOCAL')
    .replaceAll(/33:33:[0-9a-f:]+/g, '33:33:GROUP')
  const plain = JSON.parse(text) as HostState
  return Object.fromEntries(Object.entries(plain).map(([part, lines]) => [part, lines.toSorted()]))
}
