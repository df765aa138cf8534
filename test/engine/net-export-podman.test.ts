/** Networks that podman's own client made: exported, removed and applied they are as they were, but for ids and times. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { podmanTools, startPodman, type PodmanHost } from '../support/podman.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

type Json = Readonly<Record<string, unknown>>

if (requires({ root: true, tools: [...podmanTools, 'ip'] })) {
  let real: PodmanHost
  let main = ''

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    real = await startPodman()
  }, 120_000)
  afterAll(async () => real.end())

  const vethscope = (...args: readonly string[]) => {
    const { code, stdout, stderr } = real.host.try([process.execPath, main, ...args])
    const said = code === 0 ? '' : stderr + stdout.slice(-2000)
    expect({ code, said }, args.join(' ')).toEqual({ code: 0, said: '' })
    return stdout
  }

  /** Titles of its steps. */
  const apply = (text: string, ...options: readonly string[]): readonly string[] => {
    real.host.run(['tee', '/run/file.yaml'], { input: text })
    const said = vethscope('net', 'apply', '/run/file.yaml', '--yes', '--json', ...options)
    const { steps, differences } = JSON.parse(said) as {
      readonly steps: readonly { readonly title: string }[]
      readonly differences: readonly string[]
    }
    expect(differences).toEqual([])
    return steps.map(({ title }) => title)
  }

  const words = (text: string): readonly string[] => text.split(' ')
  const networks: Readonly<Record<string, readonly string[]>> = {
    plain: [],
    given: words(
      '--subnet 10.80.0.0/24 --gateway 10.80.0.9 --ip-range 10.80.0.128/25 --label answer=no -o mtu=1400 -o isolate=true',
    ),
    inside: ['--internal'],
    six: words('--ipv6 --subnet fd00:80::/64 --subnet 10.82.0.0/24'),
    wire: words('-d macvlan -o parent=wire0 --subnet 10.83.0.0/24 -o mode=private'),
  }
  const names = Object.keys(networks)

  test('export → apply is empty; removed and applied all is as it was', () => {
    const podman = (...args: readonly string[]) => real.podman(...args)
    real.host.ip('link add wire0 type veth peer name wire1', 'link set wire0 up', 'link set wire1 up')
    for (const [name, options] of Object.entries(networks)) podman('network', 'create', ...options, name)
    real.start('db', '--network', 'given', '--ip', '10.80.0.130', '--network-alias', 'store')
    real.start('web', '--network', 'six')
    podman('network', 'connect', '--alias', 'www', 'given', 'web')
    const before = stateOf()
    const yaml = vethscope('net', 'export')
    expect(yaml).not.toContain('Not in this file')
    expect(apply(yaml)).toEqual([])
    apply(yaml, '--remove')
    expect(podman('network', 'ls', '--format', '{{.Name}}')).toBe('podman')
    apply(yaml)
    expect(stateOf()).toEqual(before)
    expect(apply(yaml)).toEqual([])
  }, 300_000)

  /** Networks, and members of them, without what is new each time. */
  function stateOf(): unknown {
    const all = JSON.parse(real.podman('network', 'inspect', ...names)) as readonly Json[]
    const members = JSON.parse(real.podman('inspect', 'db', 'web')) as readonly {
      readonly NetworkSettings: { readonly Networks: Readonly<Record<string, Json>> }
    }[]
    return {
      // Podman counts its bridges, in the order in which they are made.
      networks: all.map((network) => ({
        ...network,
        id: '',
        created: '',
        network_interface: String(network['network_interface']).replace(/^podman\d+$/, 'podmanN'),
      })),
      members: members.map(({ NetworkSettings }) =>
        Object.entries(NetworkSettings.Networks)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, { IPAddress, GlobalIPv6Address, Aliases, Gateway }]) => ({
            name,
            IPAddress,
            GlobalIPv6Address,
            Gateway,
            Aliases: ((Aliases ?? []) as readonly string[]).toSorted(),
          })),
      ),
    }
  }
}
