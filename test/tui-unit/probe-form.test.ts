/** `p`, `w`, `t`, `d`, `c`, `M`: what the form offers, takes, refuses and starts. */
import { beforeAll, describe, expect, test } from 'vitest'
import { commands } from '../../src/command/table.ts'
import { portsView } from '../../src/derive/ports-view.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { ProbeRequest } from '../../src/model/probe.ts'
import type { World } from '../../src/model/world.ts'
import { screenCommands } from '../../src/screen-commands.ts'
import type { Size } from '../../src/tui/frame.ts'
import { probeFormOpened } from '../../src/tui/update/probe-form.ts'
import { hostileTexts } from '../support/hostile.ts'
import { netnsOf, worldOf } from '../support/fixture.ts'
import { expectGolden } from './golden.ts'
import { live, screen, type Screen } from './screen.ts'

let docker: World
beforeAll(async () => {
  docker = await worldOf('docker')
})

const sizes: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 60, rows: 20 },
]
const named = ({ columns, rows }: Size): string => `${columns}x${rows}`

/** The selected row. */
function chosen(it: Screen): string {
  const rows = it.text().split('\n')
  return rows.find((line) => /^[> ]?>/.test(line)) ?? ''
}

/** nginx1's end on the host is selected. */
function atNginx(size: Size = { columns: 80, rows: 24 }, world = docker): Screen {
  const it = live(world, { size, commands: screenCommands(commands) })
  it.keys('down', 'down', 'down', 'down')
  expect(chosen(it)).toContain('veth054a107')
  return it
}

/** The lines of the form: what is offered, and where it starts. */
function form(it: Screen): readonly string[] {
  const lines = it.text().split('\n')
  const from = lines.findIndex((line) => /^━> \w+ from /.test(line))
  return from === -1 ? [] : lines.slice(from, it.state.size.rows - 1).map((line) => line.trimEnd())
}

function asked(it: Screen): readonly ProbeRequest[] {
  return it.effects.flatMap((effect) => (effect.type === 'probe' ? [effect.request] : []))
}

describe.each(sizes)('pictures at $columns×$rows', (size) => {
  test('ping: what is offered, the gateway first', () => {
    const it = atNginx(size)
    it.keys('p')
    const [title = '', first = '', ...rest] = form(it)
    expect(title).toContain('ping from nginx1')
    expect(title).toContain('Ctrl-T from host')
    expect(first).toBe('>gateway     172.31.0.1  default gateway by eth0')
    expect(rest[0]).toBe(' shop-web-1  172.31.0.77  on front')
    expect(it.line(' ping: ')).toContain('Enter start')
    expectGolden(`probe-form-ping-${named(size)}`, it.text())
  })

  test('tcp: what listens joins what is published', () => {
    const it = atNginx(size)
    it.keys('t', 'C-t')
    it.worker({ type: 'ports', value: portsView(docker, new Set()) })
    expect(form(it)[0]).toContain('tcp from host')
    expect(form(it)[1]).toBe('>172.31.0.2:443  172.31.0.2, published as 127.0.0.1:8443')
    expect(it.line('redis123:6379')).toContain('httpd listens')
    expectGolden(`probe-form-tcp-${named(size)}`, it.text())
  })

  test('a capture: this link, the way, all; then filters', () => {
    const it = atNginx(size)
    it.keys('c')
    const [title = '', ...lines] = form(it)
    expect(title).toContain('capture from host')
    expect(lines.slice(0, 3).map((line) => line.slice(1).split('  ')[0])).toEqual([
      'veth054a107',
      'veth054a107 --way',
      'all',
    ])
    expect(lines.join('\n')).toContain('veth054a107 tcp port 80')
    expectGolden(`probe-form-capture-${named(size)}`, it.text())
  })

  test('what cannot be asked says so while it is typed', () => {
    const it = atNginx(size)
    it.keys('t')
    it.type('shop-db-1:99999')
    expect(it.line('>shop-db-1:99999')).not.toBe('')
    expect(form(it).join(' ').replace(/\s+/g, ' ')).toContain(
      '"99999" is not a port: 1 to 65535, or a range such as 8000-8100; write HOST:PORT',
    )
    it.keys('enter')
    expect(it.state.mode.type).toBe('probe-form')
    expect(asked(it)).toEqual([])
    expectGolden(`probe-form-wrong-${named(size)}`, it.text())
  })

  test('options behind the target', () => {
    const it = atNginx(size)
    it.keys('p', 'tab', 'tab')
    expect(it.line('gateway --count')).toContain('how many; 0: until stopped')
    expectGolden(`probe-form-options-${named(size)}`, it.text())
  })
})

describe('where it starts', () => {
  test('a bridge’s port means the other end; Ctrl-T goes round', () => {
    const it = atNginx()
    it.keys('p')
    expect(form(it)[0]).toContain('ping from nginx1')
    it.keys('C-t')
    expect(form(it)[0]).toContain('ping from host')
    expect(form(it)[1]).toContain('the other end, in nginx1')
    it.keys('C-t')
    expect(form(it)[0]).toContain('ping from nginx1')
  })

  test('a link with an address of its own starts where it is', () => {
    const it = live(docker)
    expect(chosen(it)).toContain('docker0')
    it.keys('p')
    expect(form(it)[0]).toContain('ping from host')
    it.keys('C-t')
    expect(it.text()).toContain('there is no other namespace')
  })

  test('on Namespaces, on the far end, and a container that shares another’s namespace', () => {
    const it = atNginx()
    it.keys('right', 'p')
    expect(form(it)[0]).toContain('ping from nginx1')
    it.keys('escape', 'down', 'p')
    expect(form(it)[0]).toContain('ping from shop-web-1')
    it.keys('escape', '2', 'G')
    const row = chosen(it).slice(1).trim().split(' ')[0] ?? ''
    it.keys('p')
    expect(form(it)[0]).toContain(`ping from ${row}`)
  })

  test('a published port and a socket are asked for from outside', () => {
    const it = atNginx()
    it.keys('4')
    it.worker({ type: 'ports', value: portsView(docker, new Set()) })
    expect(chosen(it)).toContain('127.0.0.1:8443')
    it.keys('t')
    expect(form(it).slice(0, 3).join('\n')).toMatch(
      /tcp from host.*\n>127\.0\.0\.1:8443 .*this published port, to nginx1\n 172\.31\.0\.2:443 /,
    )
    it.keys('escape', 'w')
    expect(form(it)[1]).toContain('https://127.0.0.1:8443/')
  })
})

describe('Enter', () => {
  test('two keys are enough', () => {
    const it = atNginx()
    it.keys('p', 'enter')
    expect(asked(it)).toMatchObject([
      {
        kind: 'ping',
        count: 4,
        target: { text: 'gateway', address: '172.31.0.1' },
        place: { netns: { name: 'nginx1' } },
        watch: { netns: [docker.host, netnsOf(docker, 'nginx1').id] },
      },
    ])
    expect(it.state.screen).toBe('probes')
    expect(it.line('ping gateway')).toContain('nginx1')
    it.keys('backspace')
    expect(chosen(it)).toContain('veth054a107')
  })

  test('what was asked from there stands first the next time, and only of that kind', () => {
    const it = atNginx()
    it.keys('p', 'down', 'enter', 'backspace', 'p')
    expect(form(it)[1]).toMatch(/^>shop-web-1 .*asked before$/)
    expect(form(it)[2]).toContain('gateway')
    it.keys('escape', 't')
    expect(form(it).join('\n')).not.toContain('asked before')
    it.keys('escape', 'down', 'p')
    expect(form(it).join('\n')).not.toContain('asked before')
  })

  test('a beginning is enough where nothing else has that name; an address is meant as it stands', () => {
    const it = atNginx()
    it.keys('p')
    it.type('shop-d')
    expect(form(it)[1]).toMatch(/^>shop-db-1 /)
    expect(form(it)[2]).toContain('a name: resolved in there')
    it.keys('enter')
    expect(asked(it)).toMatchObject([{ target: { text: 'shop-db-1', address: '172.31.1.2' } }])
    it.keys('backspace', 'p')
    it.type('172.31.0.7')
    expect(form(it)[1]).toBe('>172.31.0.7')
    it.keys('enter')
    expect(asked(it)[1]).toMatchObject({ target: { address: '172.31.0.7' } })
  })

  test('options are taken, and asked for by what is missing', () => {
    const it = atNginx()
    it.keys('p')
    it.type('gateway --co')
    it.keys('tab')
    expect(it.state.mode).toMatchObject({ input: { text: 'gateway --count ' } })
    expect(form(it)[2]).toContain('--count what? a number from 0')
    it.type('3 --df')
    it.keys('enter')
    expect(asked(it)).toMatchObject([{ count: 3, dontFragment: true }])
    expect(it.line('ping gateway --count 3 --df')).not.toBe('')
  })

  test('servers of resolv.conf and links are offered as values', () => {
    const it = live(docker)
    it.keys('d')
    it.type('www --server ')
    expect(form(it).join('\n')).toContain(' www --server 192.0.2.53')
    it.keys('escape', 'p')
    it.type('gateway --link e')
    expect(form(it).join('\n')).toContain(' gateway --link eth0')
  })

  test('an option that is chosen is put into the line first', () => {
    const it = atNginx()
    it.keys('p', 'tab', 'tab', 'down', 'enter')
    expect(it.state.mode).toMatchObject({ type: 'probe-form', input: { text: 'gateway --count ' } })
    expect(asked(it)).toEqual([])
  })

  test('a filter alone is for the selected link; what was typed is kept behind all of them', () => {
    const it = atNginx()
    it.keys('c')
    it.type('icmp')
    expect(form(it)[1]).toMatch(/^>veth054a107 icmp /)
    it.keys('down', 'enter')
    expect(asked(it)).toMatchObject([{ kind: 'capture', filter: 'icmp', keepMs: 60_000 }])
    const [request] = asked(it)
    const links = request?.kind === 'capture' ? request.links.map(({ label }) => label) : []
    expect(links).toContain('veth054a107')
    expect(links).toContain('eth0@nginx1')
    expect(links.length).toBeGreaterThan(2)
  })

  test('a matrix offers networks, the selected one first', () => {
    const it = atNginx()
    it.keys('M')
    expect(form(it)[1]).toMatch(/^>front .*docker bridge, .*: 2 members$/)
    it.keys('enter')
    expect(asked(it)).toMatchObject([{ kind: 'matrix', network: 'front', ping: true }])
  })
})

describe('keys that cannot act say why', () => {
  test('in a recording', () => {
    const it = screen({ mode: 'replay', file: 'd.json', world: docker })
    it.keys('p')
    expect(it.text()).toContain('p: a recording is not the host: nothing can be sent from it')
  })

  test('before anything was read', () => {
    const it = screen()
    it.keys('t')
    expect(it.text()).toContain('t: nothing has been read yet')
  })

  test('in a namespace that cannot be entered', () => {
    const blind: World = {
      ...docker,
      netns: docker.netns.map((each) => ({ ...each, readable: { unknown: 'not permitted' } })),
    }
    const it = live(blind)
    it.keys('p')
    expect(it.text()).toContain('cannot be entered: not permitted')
  })

  test('in one that went away meanwhile', () => {
    const it = atNginx()
    it.keys('p')
    const { id } = netnsOf(docker, 'nginx1')
    it.world({ ...docker, netns: docker.netns.filter((each) => each.id !== id) })
    it.keys('enter')
    expect(it.text()).toContain('this namespace is gone')
    it.keys('escape')
    expect(it.state.mode.type).toBe('browse')
  })
})

describe('what was asked before, to be asked otherwise', () => {
  test('the form opens with its line', () => {
    const it = atNginx()
    const { id } = netnsOf(docker, 'redis123')
    it.state = probeFormOpened(it.state, 'tcp', 'host:8080 --timeout 1', id)
    expect(form(it)[0]).toContain('tcp from redis123')
    expect(form(it)[1]).toMatch(/^>host:8080 --timeout 1 /)
    it.keys('enter')
    expect(asked(it)).toMatchObject([{ kind: 'tcp', ports: [8080], timeoutMs: 1000 }])
  })

  test('not of a namespace that is gone', () => {
    const it = atNginx()
    const gone = probeFormOpened(it.state, 'ping', 'gateway', netnsId(1))
    expect(gone.message?.text).toContain('this namespace is gone')
    expect(gone.mode.type).toBe('browse')
  })
})

describe('a program of the host', () => {
  test('is typed as it is called, whatever options it has, and edited again', () => {
    const it = atNginx()
    it.keys(':')
    it.type('exec nginx1 -- ping -c 1 "a b"')
    it.keys('enter')
    expect(asked(it)).toMatchObject([{ kind: 'tool', argv: ['ping', '-c', '1', 'a b'], timeoutMs: null }])
    expect(it.state.screen).toBe('probes')
    expect(it.state.probes.runs[0]?.what).toBe("exec ping -c 1 'a b'")
    it.keys('e')
    expect(it.state.mode).toMatchObject({ type: 'probe-form', kind: 'tool' })
    expect(it.text()).toContain("ping -c 1 'a b'")
  })

  test('what is usual is offered', () => {
    const it = atNginx()
    it.keys(':')
    it.type('exec')
    it.keys('enter')
    // It was not installed there.
    expect(form(it).join(' ')).not.toContain('tcpdump')
    expect(form(it).join(' ')).toMatch(/ping -c 4 172\.31\.0\.1/)
  })

  test('may change the host, so --readonly starts none', () => {
    const it = live(docker, { readonly: true, commands: screenCommands(commands) })
    it.keys('down', 'down', 'down', 'down', ':')
    it.type('exec nginx1 ip link')
    it.keys('enter')
    expect(asked(it)).toEqual([])
    expect(it.effects.filter(({ type }) => type === 'run')).toEqual([])
    expect(it.text()).toContain('--readonly offers nothing that does')
  })
})

describe('the command line', () => {
  test('completes targets, and starts the probe on screen 6', () => {
    const it = atNginx()
    it.keys(':')
    it.type('ping nginx1 shop')
    expect(it.text()).toContain('shop-db-1')
    it.keys('tab')
    it.type('--count 2')
    it.keys('enter')
    expect(asked(it)).toMatchObject([{ kind: 'ping', count: 2, target: { text: 'shop-web-1' } }])
    expect(it.effects.some(({ type }) => type === 'run')).toBe(false)
  })

  test('the word alone opens the form; what only the command knows is the command’s', () => {
    const it = atNginx()
    it.keys(':')
    it.type('traceroute')
    it.keys('enter')
    expect(form(it)[0]).toContain('traceroute from nginx1')
    it.keys('escape', ':')
    it.type('http nginx1 http://host:8080/ -o /tmp/x')
    it.keys('enter')
    expect(it.effects.some(({ type }) => type === 'run')).toBe(true)
    it.keys('escape', ':')
    it.type('ping nowhere gateway')
    it.keys('enter')
    expect(it.text()).toContain('there is no netns "nowhere"')
  })

  test('udp, traceroute and listen have no key: the menu has them', () => {
    const it = atNginx({ columns: 120, rows: 40 })
    it.keys('x')
    for (const title of ['udp: send', 'traceroute from', 'listen on a port'])
      expect(it.line(title)).not.toContain('not now')
  })
})

test('names of the host do no harm in it', () => {
  const texts = Object.values(hostileTexts)
  const hostile: World = {
    ...docker,
    netns: docker.netns.map((each, at) => ({
      ...each,
      names: each.names.map((name) => ({ ...name, name: `${texts[at % texts.length]}${name.name}` })),
    })),
  }
  for (const key of ['p', 'w', 't', 'd', 'c', 'M']) {
    const it = live(hostile)
    it.keys(key)
    it.send({ type: 'paste', text: texts.join('') })
    // The picture itself fails of what may act on a terminal.
    expect(it.text()).toContain(' from ')
    it.keys('enter')
    expect(it.text().length).toBeGreaterThan(100)
  }
})
