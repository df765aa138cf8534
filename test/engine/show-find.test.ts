/** What `show` and `find` say of a real Docker Engine, read by the built program on its host. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

type Found = {
  readonly what: string
  readonly says: string
  readonly owner: { readonly name: string } | null
  readonly peer?: { readonly netns: { readonly name: string }; readonly addresses: readonly string[] }
  readonly container?: { readonly name: string }
  readonly publishedBy?: string
}

describe.runIf(requires({ root: true, tools: dockerTools }))('show and find beside a real engine', () => {
  let engine: DockerHost
  let main: string
  const vethscope = (...args: readonly string[]) => {
    const { code, stdout, stderr } = engine.host.try([process.execPath, main, ...args])
    if (code !== 0) throw new Error(`${args.join(' ')}: ${code ?? ''} ${stderr}`)
    return stdout
  }
  const found = (...words: readonly string[]) =>
    JSON.parse(vethscope('find', ...words, '--json')) as readonly Found[]
  /** The link of the host that the container's own eth0 names as its other end. */
  const vethOf = (container: string) => {
    const ifindex = engine.docker('exec', container, 'cat', '/sys/class/net/eth0/iflink')
    const links = JSON.parse(engine.host.run(['ip', '-j', 'link'])) as readonly {
      ifindex: number
      ifname: string
    }[]
    return links.find((each) => each.ifindex === Number(ifindex))?.ifname ?? ''
  }

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    engine = await startDocker()
    const run = (name: string, ...args: readonly string[]) =>
      engine.docker('run', '-d', '--name', name, ...args)
    const sleep = [image, '/bin/sleep', '3600'] as const
    engine.docker('network', 'create', '--subnet', '172.28.5.0/24', 'tomcat-net')
    engine.docker('network', 'create', '--internal', 'shut-net')
    run('redis123', ...sleep)
    run('nginx1', '-p', '8080:80', image, '/bin/httpd', '-f', '-p', '80', '-h', '/www')
    run('quiet1', '-p', '8081:81', ...sleep)
    run('net-tomcat01', '--network', 'tomcat-net', '--network-alias', 'web', ...sleep)
    run('sidecar', '--network', 'container:redis123', ...sleep)
    run('openc', '--network', 'host', ...sleep)
    run('closedc', '--network', 'none', ...sleep)
  })
  afterAll(() => engine?.end())

  test('show: containers with their modes, aliases, ports, networks and NAT', () => {
    const text = vethscope('show')
    const line = (part: string) => text.split('\n').find((each) => each.includes(part)) ?? ''
    expect(line(vethOf('nginx1'))).toMatch(/= nginx1 eth0 \(172\.17\.0\.\d\/16\) {2}:8080>80$/)
    expect(line(vethOf('net-tomcat01'))).toMatch(/= net-tomcat01 eth0 \(172\.28\.5\.2\/24\) {2}alias web$/)
    expect(line('docker0 ')).toMatch(/bridge +UP .*network bridge, NAT/)
    expect(line('172.28.5.1/24')).toContain('network tomcat-net, NAT')
    expect(line('network shut-net')).toMatch(/shut-net, internal$/)
    expect(line('sidecar')).toContain("running  shares redis123's namespace")
    expect(line('openc')).toContain('mode host')
    expect(line('closedc')).toContain('mode none')
  })

  test('ls netns names the containers of each namespace', () => {
    const all = JSON.parse(vethscope('ls', 'netns', '--json')) as readonly {
      readonly name: string
      readonly containers: readonly string[]
    }[]
    const inside = (name: string) => all.find((each) => each.name === name)?.containers.toSorted()
    expect(inside('redis123')).toEqual(['redis123', 'sidecar'])
    expect(inside('closedc')).toEqual(['closedc'])
    expect(inside('host')).toEqual(['openc'])
  })

  test('one find: which container is behind a veth, its address, the rule of its port, and who listens', () => {
    const [nginx] = found(vethOf('nginx1'))
    expect(nginx?.container?.name).toBe('nginx1')
    expect(nginx?.peer?.addresses).toEqual([
      engine.docker('inspect', '-f', '{{.NetworkSettings.IPAddress}}/16', 'nginx1'),
    ])
    expect(nginx?.publishedBy).toMatch(
      /^rule \d+ of DOCKER in table nat \(iptables-\w+\) \(0\.0\.0\.0:8080\/tcp, .*:80 listens\)/,
    )
    const [quiet] = found(vethOf('quiet1'))
    expect(quiet?.publishedBy).toMatch(/0\.0\.0\.0:8081\/tcp, nothing listens there/)
    const [bare] = found(vethOf('redis123'))
    expect(bare?.container?.name).toBe('redis123')
    expect(bare?.publishedBy).toBeUndefined()
  })

  test('the same by name, alias, id, published port and a line of the kernel', () => {
    const id = engine.docker('inspect', '-f', '{{.Id}}', 'nginx1')
    for (const text of ['nginx1', id, id.slice(0, 12), ':8080', '0.0.0.0:8080']) {
      expect(
        found(text)
          .map((each) => each.publishedBy ?? '')
          .join(),
      ).toContain('of DOCKER in table nat')
    }
    expect(found('web').find(({ what }) => what === 'container')?.says).toContain('net-tomcat01')
    expect(found('tomcat-net').find(({ what }) => what === 'network')?.says).toContain('172.28.5.0/24')
    const line = `[UFW BLOCK] IN=docker0 OUT=br-${'0'.repeat(12)} SRC=172.28.5.2 DST=172.17.0.1 PROTO=TCP SPT=1 DPT=8080`
    const parts = found(line)
    expect(parts.find(({ what }) => what === 'address')?.owner?.name).toBe('net-tomcat01')
    expect(parts.find(({ what }) => what === 'port')?.says).toContain('nginx1')
  })
})
