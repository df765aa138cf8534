/** The Topology screen beside a real Docker Engine: what its client does while the screen is open is seen on the rows. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'

/** What is seen takes about a second; this is for machines that do much else. */
const limitMs = 20_000

describe.runIf(requires({ root: true, tools: dockerTools }))('the screen beside a real engine', () => {
  let engine: DockerHost
  let screen: TestTerminal
  const sleep = [image, '/bin/sleep', '3600'] as const
  const run = (name: string, ...args: readonly string[]) =>
    engine.docker('run', '-d', '--name', name, ...args, ...sleep)

  beforeAll(async () => {
    const main = join(await buildVethscope(), 'main.js')
    engine = await startDocker()
    engine.docker('network', 'create', '--subnet', '172.28.5.0/24', 'tomcat-net')
    run('nginx1', '-p', '8080:80')
    screen = openTestTerminal([...engine.host.inside([process.execPath, main])], { columns: 120, rows: 40 })
  })
  afterAll(async () => {
    screen?.close()
    await engine?.end()
  })

  test('published ports, networks and NAT are there when it opens', async () => {
    const text = await screen.waitFor(/nginx1 +eth0 172\.17\.0\.2\/16 +:8080>80/, limitMs)
    expect(text).toMatch(/docker0 +172\.17\.0\.1\/16 +bridge .*NAT/)
    expect(text).toMatch(/172\.28\.5\.1\/24 +bridge no carrier, tomcat-n/)
  })

  test('containers of every mode come, are renamed, connected and removed', async () => {
    run('redis123', '--network', 'tomcat-net', '--network-alias', 'web')
    await screen.waitFor(/redis123 +eth0 172\.28\.5\.2\/24 +alias web/, limitMs)
    run('sidecar', '--network', 'container:redis123')
    await screen.waitFor(/sidecar +shares redis123's namespace/, limitMs)
    run('openc', '--network', 'host')
    await screen.waitFor(/openc +mode host/, limitMs)
    run('closedc', '--network', 'none')
    await screen.waitFor(/closedc +mode none/, limitMs)
    engine.docker('rename', 'redis123', 'valkey')
    await screen.waitFor(
      (text) => /valkey +eth0/.test(text) && text.includes("shares valkey's namespace"),
      limitMs,
    )
    engine.docker('network', 'connect', '--alias', 'db', 'tomcat-net', 'nginx1')
    await screen.waitFor(/nginx1 +eth1 172\.28\.5\.3\/24 +alias db/, limitMs)
    engine.docker('rm', '-f', 'sidecar')
    await screen.waitFor((text) => !/sidecar +shares/.test(text), limitMs)
    engine.docker('stop', '-t', '0', 'valkey')
    const text = await screen.waitFor((all) => !/⇄ valkey/.test(all), limitMs)
    expect(text).toMatch(/closedc +mode none/)
  })
})
