/** A lab as it is typed, and what a redacted snapshot keeps of it. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'nft', 'unshare', 'nsenter'] })) {
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

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost('lab')
  })
  afterAll(async () => {
    await host.end()
  })

  test('a lab: a network, a node with a published port, seen by net and node; names stay out of a redacted snapshot', () => {
    changed(
      'net create qzxnet --subnet 10.77.0.0/24 --label qzxlabel=qzxvalue --opt com.docker.network.bridge.name=qzxbr0',
    )
    changed('node add qzxnode --network qzxnet --alias qzxalias -p 8080:80')
    const [network] = JSON.parse(vethscope('net ls --engine lab --json').stdout)
    expect(network).toMatchObject({
      engine: 'lab',
      name: 'qzxnet',
      members: [{ name: 'qzxnode', aliases: ['qzxalias'] }],
    })
    expect(JSON.parse(vethscope('net inspect qzxnet --json').stdout)).toMatchObject({
      lab: { driver: 'bridge', labels: { qzxlabel: 'qzxvalue' } },
      ports: [{ node: 'qzxnode', hostPort: 8080, port: 80, protocol: 'tcp' }],
    })
    expect(JSON.parse(vethscope('node ls --json').stdout)).toMatchObject([
      {
        name: 'qzxnode',
        mode: 'bridge',
        netns: { name: 'qzxnode' },
        networks: [{ network: 'qzxnet', link: 'eth0' }],
      },
    ])
    expect(vethscope('net inspect nonet').code).toBe(4)
    const names = (kind: string) => vethscope(`__complete ${kind}`).stdout.split('\n')
    expect([names('networks'), names('nodes')]).toEqual([
      expect.arrayContaining(['qzxnet']),
      expect.arrayContaining(['qzxnode']),
    ])

    expect(names('networks lab')).toContain('qzxnet')
    expect(names('members docker')).not.toContain('qzxnode')

    const port = vethscope('net publish qzxnode 80821:8080 --yes')
    expect(port).toMatchObject({ code: 2, stderr: expect.stringContaining('80821') })
    const several = JSON.parse(vethscope('net publish qzxnode 80821:8080 0:80 --yes --json').stdout)
    expect(several).toMatchObject({
      error: { what: expect.stringContaining('80821'), others: [{ kind: 'usage' }] },
    })

    const open = vethscope('snapshot -o -').stdout
    const redacted = vethscope('snapshot -o - --redact').stdout
    expect(open.match(/qzx/g)?.length).toBeGreaterThan(20)
    expect(redacted).toContain('"labs"')
    expect(redacted).not.toContain('qzx')

    const members = vethscope('net rm qzxnet --yes')
    expect(members).toMatchObject({ code: 5, stderr: expect.stringContaining('qzxnode') })
    changed('node rm qzxnode')
    changed('net rm qzxnet')
    expect(host.run(['nft', 'list', 'tables'])).not.toContain('vethscope')
  }, 60_000)
}
