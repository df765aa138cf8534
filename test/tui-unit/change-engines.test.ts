/** Forms of changes at engines: whose network it is decides what is asked, offered and refused. */
import { describe, expect, test } from 'vitest'
import type { NetnsId } from '../../src/model/ids.ts'
import { network } from '../support/engine.ts'
import { argvOf, lab, labHost, opened } from './change-world.ts'
import { docker, engineHost } from './engine-world.ts'
import type { Screen } from './screen.ts'

/** The first of the menu of `a` is a network. */
function networkForm(it: Screen): Screen {
  it.keys('a', 'enter')
  return it
}

describe('rules that an engine lost', () => {
  const finding = (id: string, subject: string, netns: NetnsId) =>
    ({ id, severity: 'fault', subject, says: 'x', evidence: [], command: 'x', netns, ifindex: null }) as const
  const found = (...of: readonly (readonly [id: string, subject: string])[]): Screen => {
    const world = labHost()
    const it = opened({}, world)
    const findings = of.map(([id, subject]) => finding(id, subject, world.host))
    it.worker({ type: 'findings', at: it.now, value: { findings, unchecked: [] } })
    return it
  }

  test.each([
    ['F06', 'Docker', 'docker'],
    ['F05', 'docker0', 'docker'],
    ['F06', 'lab', 'lab'],
    ['F05', 'lab0', 'lab'],
  ])('%s of %s offers the plan that writes them back, in the list and by name', (id, subject, engine) => {
    const it = found(['F19', 'docker0'], [id, subject])
    it.keys('!')
    expect(it.line('↑↓ choose')).not.toContain('R write')
    it.keys('R')
    expect(it.state.message?.text).toContain('F19 is not about rules that an engine lost')
    it.keys('down')
    expect(it.line('R writes the lost rules back')).not.toBe('')
    expect(it.line('↑↓ choose')).toContain('R write lost rules back')
    it.keys('R')
    expect(argvOf(it, 'plan-change')).toEqual(['rules', 'restore', '--engine', engine])
    it.keys('escape', ':')
    it.type('rules-restore')
    it.keys('enter')
    expect(it.state.mode).toMatchObject({ type: 'change-form', form: 'rules-restore' })
  })

  test('what drops packets of a lab is answered by what the lab gives the rules of others', () => {
    const world = labHost()
    const it = opened({}, world)
    const command = 'vethscope rules restore --engine lab'
    const findings = [{ ...finding('F02', 'lab0', world.host), command }]
    it.worker({ type: 'findings', at: it.now, value: { findings, unchecked: [] } })
    it.keys('!', 'R')
    expect(argvOf(it, 'plan-change')).toEqual(['rules', 'restore', '--engine', 'lab'])
  })

  test("of a bridge that is no engine's nobody knows what was there", () => {
    const it = found(['F05', 'br7'])
    it.keys('!')
    expect(it.line('R writes the lost rules back')).toBe('')
    it.keys('R')
    expect(it.state.message?.text).toContain('br7 is no network of Docker, Podman or a lab')
    const none = found()
    none.keys(':')
    none.type('rules-restore')
    none.keys('enter')
    expect(none.state.message?.text).toContain('no rules of an engine were seen to be lost')
  })
})

describe("networks of an engine are changed by the engine's own words", () => {
  const at = (name: string, world = labHost()): Screen => {
    const it = opened({}, world)
    it.keys('/')
    it.type(name)
    it.keys('enter')
    return it
  }

  test('c offers containers that are not on it yet, C those that are, and both name the engine', () => {
    const it = at('tomcat-net')
    it.keys('c')
    expect(it.line('━> connect a container to a network')).not.toBe('')
    expect(it.line('> container')).toContain('redis123')
    expect(it.line('> container')).not.toContain('net-tomcat01')
    it.keys('right', 'tab')
    it.type('172.28.5.9')
    expect(argvOf(it, 'plan-change')).toEqual(
      'net connect tomcat-net redis123 --engine docker --ip 172.28.5.9'.split(' '),
    )
    it.keys('escape', 'C')
    it.keys('right')
    expect(argvOf(it, 'plan-change')).toEqual(
      'net disconnect tomcat-net net-tomcat01 --engine docker'.split(' '),
    )
  })

  test('D asks whether who is on it may be disconnected, by name', () => {
    const it = at('tomcat-net')
    it.keys('D', 'enter')
    expect(it.line('> force')).toContain('yes: disconnects net-tomcat01 first')
    expect(argvOf(it, 'plan-change')).toEqual('net rm tomcat-net --engine docker'.split(' '))
    it.keys('y')
    expect(argvOf(it, 'plan-change')).toEqual('net rm tomcat-net --engine docker --force'.split(' '))
    expect(it.text()).not.toContain('whole swarm')
  })

  test("what is the whole swarm's is asked for as such", () => {
    const it = at('ov1')
    it.keys('D', 'enter')
    expect(it.line('  whole swarm')).toContain('it goes on every host of the swarm')
    it.keys('tab', 'y')
    expect(argvOf(it, 'plan-change')).toEqual('net rm ov1 --engine docker --swarm-wide'.split(' '))
  })

  test('what the engine does not do is said where the key is pressed', () => {
    const it = at('docker0')
    it.keys('P')
    expect(it.state.message?.text).toContain('Docker publishes ports of a container only when it makes it')
    it.keys('D')
    expect(it.state.message?.text).toContain('bridge is Docker’s own network')
    const hosts = at(
      'host',
      engineHost([{ ...docker, networks: [network('host', null, { driver: 'host' })] }]),
    )
    hosts.keys('c')
    expect(hosts.state.message?.text).toContain('a container cannot be put on or off host')
  })

  test('a network is made by the engine that is chosen, with its drivers and fields', () => {
    const world = engineHost([
      { ...docker, swarm: { nodeId: 'a', address: '10.99.0.1', isManager: true } },
      { ...docker, endpoint: '/run/second.sock', networks: [], containers: [] },
      lab(null),
    ])
    const it = networkForm(opened({}, world))
    it.type('web')
    it.keys('tab')
    it.keys('v')
    expect(argvOf(it, 'plan-change')).toEqual('net create web --driver vxlan'.split(' '))
    it.keys('up', 'up', 'd')
    // A driver that this engine does not have is no more chosen.
    expect(argvOf(it, 'plan-change')).toEqual(
      'net create web --engine docker --socket /run/docker.sock'.split(' '),
    )
    expect(it.line('  driver')).toMatch(/\[bridge\] +macvlan +ipvlan +overlay/)
    expect(it.line('  attachable')).not.toBe('')
    expect(it.text()).not.toContain('a foreign nft chain')
    it.keys('down', 'right')
    // The second is in no swarm.
    expect(it.line('  driver')).not.toContain('overlay')
    it.keys('left', 'down', 'down')
    it.keys('o')
    expect(it.line('  whole swarm')).toContain('every host of the swarm')
    it.keys('tab', 'y')
    expect(argvOf(it, 'plan-change')?.join(' ')).toBe(
      'net create web --engine docker --socket /run/docker.sock --driver overlay --swarm-wide',
    )
  })

  test('a host without an engine is not asked for one', () => {
    const it = networkForm(opened({}, engineHost([lab(null)])))
    expect(it.text()).not.toContain('engine  ')
    it.keys('escape', ':')
    it.type('net create web --engine docker --driver weave --subnet 10.9.0.0/24')
    it.keys('enter')
    // What was typed is what is asked for; the plan says what is wrong with it.
    expect(argvOf(it, 'plan-change')?.join(' ')).toBe(
      'net create web --engine docker --driver weave --subnet 10.9.0.0/24',
    )
  })
})

test('a file of networks and an example have their forms', () => {
  const it = opened()
  const typed = (line: string): readonly string[] | null => {
    it.keys('escape', ':')
    it.type(line)
    it.keys('enter')
    return argvOf(it, 'plan-change')
  }
  expect(typed('net apply lab.yaml --remove')).toEqual(['net', 'apply', 'lab.yaml', '--remove'])
  expect(it.state.mode).toMatchObject({ form: 'net-apply', values: { file: 'lab.yaml', remove: 'yes' } })
  expect(typed('example web')).toEqual(['example', 'web'])
})
