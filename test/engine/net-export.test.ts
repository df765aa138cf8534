/** Networks that the docker command made in many ways: exported, removed and applied they are as they were, but for their ids. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: [...dockerTools, 'ip'] })) {
  let docker: DockerHost
  let main = ''

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    docker = await startDocker()
  }, 120_000)
  afterAll(async () => docker.end())

  const vethscope = (...args: readonly string[]) => {
    const { code, stdout, stderr } = docker.host.try([process.execPath, main, ...args])
    const said = code === 0 ? '' : stderr + stdout.slice(-2000)
    expect({ code, said }, args.join(' ')).toEqual({ code: 0, said: '' })
    return stdout
  }

  /** Titles of its steps. */
  const apply = (text: string, ...options: readonly string[]): readonly string[] => {
    docker.host.run(['tee', '/run/file.yaml'], { input: text })
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
      '--subnet 10.80.0.0/24 --gateway 10.80.0.9 --ip-range 10.80.0.128/25 --aux-address router=10.80.0.5 --aux-address other=10.80.0.6 --label answer=no --label empty= -o com.docker.network.bridge.enable_icc=false -o com.docker.network.driver.mtu=1400',
    ),
    bare: words('--subnet 10.81.0.0/24 -o com.docker.network.bridge.enable_ip_masquerade=0'),
    inside: words('--internal --attachable'),
    named: words(
      '-o com.docker.network.bridge.name=br-named -o com.docker.network.bridge.host_binding_ipv4=127.0.0.1 -o com.docker.network.bridge.enable_ip_masquerade=false',
    ),
    six: words('--ipv6 --subnet fd00:80::/64 --subnet 10.82.0.0/24'),
    wire: words('-d macvlan -o parent=wire0 --subnet 10.83.0.0/24 -o macvlan_mode=private'),
    'hostile.name-1': ['--label', 'x=\u001b[31m\u202e: "no" # \u0007'],
  }

  const names = Object.keys(networks)

  test('export → apply is empty; removed and applied, or run as a script, all is as it was', () => {
    const { host } = docker
    host.ip('link add wire0 type veth peer name wire1', 'link set wire0 up', 'link set wire1 up')
    for (const [name, options] of Object.entries(networks))
      docker.docker('network', 'create', ...options, name)
    const run = (name: string, ...options: readonly string[]) =>
      docker.docker('run', '-d', '--name', name, ...options, image, 'sleep', '600')
    run('db', '--network', 'given', '--ip', '10.80.0.130', '--network-alias', 'store')
    run('web')
    docker.docker('network', 'connect', '--alias', 'www', '--link', 'db:sql', 'given', 'web')
    docker.docker('network', 'connect', 'plain', 'web')
    docker.docker('network', 'connect', '--ip', '10.82.0.77', '--ip6', 'fd00:80::77', 'six', 'web')
    docker.docker('create', '--name', 'asleep', '--network', 'bare', '--ip', '10.81.0.7', image, 'true')
    const before = stateOf()

    const yaml = vethscope('net', 'export')
    expect(yaml).not.toMatch(/[^\P{C}\n]/u)
    expect(yaml).not.toContain('Not in this file')
    expect(apply(yaml)).toEqual([])

    apply(yaml, '--remove')
    expect(docker.docker('network', 'ls', '--format', '{{.Name}}').split('\n').toSorted()).toEqual([
      'bridge',
      'host',
      'none',
    ])
    apply(yaml)
    expect(stateOf()).toEqual(before)
    expect(apply(yaml)).toEqual([])
    expect(withoutHead(vethscope('net', 'export'))).toBe(withoutHead(yaml))

    const script = vethscope('net', 'export', '--format', 'script')
    expect(script).not.toMatch(/[^\P{C}\n]/u)
    apply(yaml, '--remove')
    host.run(['sh', '-s'], { input: script })
    expect(stateOf()).toEqual(before)
  }, 180_000)

  /** Networks, and members of them, without what is new each time. */
  function stateOf(): unknown {
    const all = docker.inspect('network', 'inspect', ...names) as readonly Record<string, unknown>[]
    const members = docker.inspect('inspect', 'db', 'web', 'asleep') as readonly {
      readonly NetworkSettings: { readonly Networks: Readonly<Record<string, Record<string, unknown>>> }
    }[]
    return {
      networks: all.map(({ Containers, ...network }) => ({
        ...network,
        Id: '',
        Created: '',
        Containers: Object.entries(Containers as object).map(([id, member]) => [
          id,
          { ...(member as object), EndpointID: '' },
        ]),
      })),
      members: members.map(({ NetworkSettings }) =>
        Object.entries(NetworkSettings.Networks)
          .filter(([name]) => name !== 'bridge')
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, { IPAddress, GlobalIPv6Address, Aliases, Links, Gateway, MacAddress }]) => ({
            name,
            IPAddress,
            GlobalIPv6Address,
            Gateway,
            MacAddress,
            Links,
            // Docker adds the beginning of the container's id, of one that never ran only where it is connected.
            Aliases: ((Aliases ?? []) as readonly string[])
              .filter((each) => !/^[0-9a-f]{12}$/.test(each))
              .toSorted(),
          })),
      ),
    }
  }
}

/** Its comments have a time. */
function withoutHead(text: string): string {
  return text.slice(text.indexOf('\nvethscope: 1'))
}
