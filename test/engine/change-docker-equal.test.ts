/**
 * Networks made by vethscope and by docker's own client are the same, option by option; and one that was removed and is brought back is
 * as it was. Real Docker.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { netCommands } from '../../src/command/net-commands.ts'
import { netCreate } from '../../src/command/net-create.ts'
import { dockerState, networkState, placesOf, rulesOf } from '../support/docker-state.ts'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { requires } from '../support/requires.ts'
import { typed } from '../support/typed.ts'

const bridge = 'com.docker.network.bridge.'

/** Options of `docker network create`, and ours where they are others. */
const networks: readonly (readonly [docker: string, ours: string | null])[] = [
  ['', null],
  ['--subnet 10.10.0.0/24', null],
  ['--subnet 10.10.0.0/24 --gateway 10.10.0.254', null],
  ['--subnet 10.10.0.0/24 --ip-range 10.10.0.128/25', null],
  ['--subnet 10.10.0.0/24 --gateway 10.10.0.9 --aux-address a=10.10.0.5 --aux-address b=10.10.0.6', null],
  ['--subnet 10.10.0.0/30', null],
  ['--internal', null],
  ['--attachable --label a=b --label empty', null],
  ['--ipv6 --subnet 10.10.0.0/24 --subnet fd00:10::/64', null],
  [
    '--ipv6 --subnet FD00:10:0::/64 --gateway fd00:10::5 --ip-range fd00:10::8000/113 --aux-address x=fd00:10::7',
    null,
  ],
  ['-o com.docker.network.driver.mtu=1400', '--mtu 1400'],
  [`-o ${bridge}enable_icc=false`, '--icc=false'],
  [`-o ${bridge}enable_ip_masquerade=false`, '--ip-masq=false'],
  [`-o ${bridge}name=web0`, '--bridge web0'],
  [`-o ${bridge}host_binding_ipv4=127.0.0.1`, '--host-binding 127.0.0.1'],
  [`-o ${bridge}enable_icc=false -o ${bridge}inhibit_ipv4=true -o some=thing`, null],
  [
    `--internal --attachable --ipv6 --subnet 10.10.0.0/24 --subnet fd00:10::/64 --gateway 10.10.0.7 -o ${bridge}name=all0 -o com.docker.network.driver.mtu=1280 --label x=y`,
    '--internal --attachable --ipv6 --subnet 10.10.0.0/24 --subnet fd00:10::/64 --gateway 10.10.0.7 --bridge all0 --mtu 1280 --label x=y',
  ],
  [
    '--driver macvlan --subnet 10.20.0.0/24 --gateway 10.20.0.1 -o parent=up0',
    '--driver macvlan --subnet 10.20.0.0/24 --gateway 10.20.0.1 --parent up0',
  ],
  [
    '--driver macvlan --subnet 10.20.0.0/24 --subnet 10.21.0.0/24 --aux-address host=10.21.0.4 -o parent=up0 -o macvlan_mode=private',
    '--driver macvlan --subnet 10.20.0.0/24 --subnet 10.21.0.0/24 --aux-address host=10.21.0.4 --parent up0 --mode private',
  ],
  [
    '--driver ipvlan --subnet 10.20.0.0/24 -o parent=up0 -o ipvlan_mode=l3',
    '--driver ipvlan --subnet 10.20.0.0/24 --parent up0 --mode l3',
  ],
]

/** Options of `docker network connect`, network and container; what is not asked for is Docker's choice each time. */
const connections: readonly (readonly [options: string, network: string, container: string])[] = [
  ['', 'own', 'c1'],
  ['--ip 10.40.0.9', 'own', 'c1'],
  ['--ip 10.40.0.9 --ip6 fd00:40::9 --alias a --alias b', 'own', 'c1'],
  ['--ip 10.40.0.9 --link c2:other --link c2', 'own', 'c1'],
  ['--ip 10.40.0.9 --link-local-ip 169.254.8.8', 'own', 'c1'],
  ['--driver-opt some=thing', 'own', 'c1'],
  ['--alias a', 'auto', 'c1'],
  ['', 'bridge', 'c3'],
  ['--ip 10.40.0.8 --alias z', 'own', 'stopped'],
  ['', 'none', 'alone'],
]

/** Every network is also removed and brought back; else each fourth. */
const isWhole = (process.env['VETHSCOPE_EVERY_STEP'] ?? '') !== ''

const words = (line: string): readonly string[] => line.split(' ').filter((each) => each !== '')

describe.runIf(requires({ root: true, tools: [...dockerTools, 'iptables-save', 'flock'] }))(
  'as docker itself',
  () => {
    let engine: DockerHost
    let runner: LabRunner

    const change = async (...line: readonly string[]): Promise<void> => {
      for (const intent of await typed(['net', ...line, '--engine', 'docker'], [netCreate, ...netCommands]))
        await runner.change(intent)
    }

    const idOf = (network: string): string => engine.docker('network', 'inspect', '-f', '{{.Id}}', network)

    beforeAll(async () => {
      engine = await startDocker()
      const { host } = engine
      host.ip('link add up0 type veth peer name up1', 'link set up0 up')
      engine.docker('network', 'create', 'auto')
      engine.docker(
        'network',
        'create',
        '--ipv6',
        '--subnet',
        '10.40.0.0/24',
        '--subnet',
        'fd00:40::/64',
        'own',
      )
      const run = (name: string, network: string): string =>
        engine.docker('run', '-d', '--name', name, '--network', network, image, '/bin/sleep', '3600')
      run('c1', 'bridge')
      run('c2', 'own')
      run('c3', 'auto')
      run('alone', 'none')
      engine.docker('network', 'disconnect', 'none', 'alone')
      engine.docker('create', '--name', 'stopped', image, '/bin/sleep', '3600')
      runner = await labOn(host)
    }, 120_000)

    afterEach(() => {
      engine.host.try(['docker', '-H', engine.address, 'network', 'rm', 'n'])
    })

    afterAll(async () => {
      await engine?.end()
    })

    test.each(networks.map((each, number) => [...each, number] as const))(
      'network create %s',
      { timeout: 60_000 },
      async (docker, ours, number) => {
        // Where none is asked for, Docker goes on to the next subnet each time.
        const told = (value: unknown): unknown =>
          /--subnet \d+\./.test(docker)
            ? value
            : JSON.parse(JSON.stringify(value).replaceAll(/\b1(?:72|92)(?:\.\d+){3}(?:\/\d+)?/g, 'next'))
        const before = dockerState(engine)
        engine.docker('network', 'create', ...words(docker), 'n')
        const made = networkState(engine, 'n')
        const rules = rulesOf(engine)
        engine.docker('network', 'rm', 'n')

        await change('create', 'n', ...words(ours ?? docker))
        expect(told(networkState(engine, 'n'))).toEqual(told(made))
        expect(told(rulesOf(engine))).toEqual(told(rules))
        if (!isWhole && number % 4 > 0) {
          engine.docker('network', 'rm', 'n')
          expect(dockerState(engine)).toEqual(before)
          return
        }
        const { id, ...rest } = { id: idOf('n'), ...dockerState(engine) }
        await change('rm', 'n')
        expect(dockerState(engine)).toEqual(before)
        await runner.undo()
        expect(dockerState(engine)).toEqual(rest)
        expect(idOf('n')).not.toBe(id)
        await change('rm', 'n')
      },
    )

    test.each(connections)(
      'network connect %s %s %s',
      { timeout: 60_000 },
      async (options, network, container) => {
        const asked = words(options)
        // Beside what is asked for Docker takes the next free address, and makes a MAC address of it.
        const place = (): unknown => {
          const { [network]: here, ...others } = placesOf(engine, container)
          const { IPAddress, GlobalIPv6Address, MacAddress, ...rest } = here as Record<string, unknown>
          return {
            others,
            rest,
            ...(asked.includes('--ip') ? { IPAddress, MacAddress } : {}),
            ...(asked.includes('--ip6') ? { GlobalIPv6Address } : {}),
          }
        }
        const before = placesOf(engine, container)
        const rules = rulesOf(engine)
        engine.docker('network', 'connect', ...asked, network, container)
        const made = place()
        engine.docker('network', 'disconnect', network, container)
        expect(placesOf(engine, container)).toEqual(before)

        await change('connect', network, container, ...asked)
        expect(place()).toEqual(made)
        await runner.undo()
        expect(placesOf(engine, container)).toEqual(before)

        engine.docker('network', 'connect', ...asked, network, container)
        await change('disconnect', network, container)
        expect(placesOf(engine, container)).toEqual(before)
        expect(rulesOf(engine)).toEqual(rules)
        engine.docker('network', 'connect', ...asked, network, container)
        engine.docker('network', 'disconnect', network, container)
      },
    )
  },
)
