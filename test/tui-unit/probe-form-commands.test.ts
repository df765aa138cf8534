/** What the form asks for is what the command line asks for: the same words, options and usual values. */
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from '../../src/cli/parse.ts'
import { commands } from '../../src/command/table.ts'
import type { Deps } from '../../src/command/command.ts'
import { failed, succeeded } from '../../src/lib/failure.ts'
import { wordsOf } from '../../src/lib/words.ts'
import type { ProbeRequest } from '../../src/model/probe.ts'
import type { World } from '../../src/model/world.ts'
import type { Source } from '../../src/source.ts'
import { probeAsked } from '../../src/tui/select/probe-asked.ts'
import type { FormKind } from '../../src/tui/select/probe-kinds.ts'
import { formOptions } from '../../src/tui/select/probe-options.ts'
import { netnsOf, worldOf } from '../support/fixture.ts'
import { looksOnly } from '../support/looks-only.ts'
import { someProgram } from '../support/program-facts.ts'

let docker: World
beforeAll(async () => {
  docker = await worldOf('docker')
})

/** What the command would hand to the helper process. */
async function asCommand(argv: readonly string[]): Promise<ProbeRequest | string> {
  const parsed = parse(argv, commands, '0')
  if (!parsed.ok) return parsed.failure.what
  if (parsed.value.type !== 'run') return 'it prints'
  const asked: ProbeRequest[] = []
  const source: Source = {
    kind: 'live',
    file: null,
    readWorld: async () => succeeded(docker),
    withDetails: async (given) => succeeded(given),
    withFirewall: async (given) => succeeded(given),
    withConntrack: async (given) => succeeded(given),
    withCounters: async (given) => succeeded(given),
    readTool: async () => succeeded({ ...docker.tool, hostName: 'vm01', kernel: '6', arch: 'x', at: null }),
  }
  const deps: Deps = {
    ...looksOnly,
    source,
    open: () => source,
    program: someProgram,
    prober: () => ({
      probe: (request) => {
        asked.push(request)
        const ended = Promise.resolve(failed({ kind: 'refused' as const, what: 'not in a test' }))
        return { ended, order: () => {}, stop: () => {} }
      },
      close: async () => {},
    }),
    signal: new AbortController().signal,
    folder: '/tmp',
  }
  const result = await parsed.value.command.run(deps, parsed.value.values)
  const [request] = asked
  if (request !== undefined) return request
  return result.ok ? 'nothing was asked' : result.failure.what
}

function asForm(kind: FormKind, netns: string, text: string): ProbeRequest | string {
  const asked = probeAsked(docker, kind, netnsOf(docker, netns), text)
  return asked.kind === 'ready' ? asked.request : asked.why
}

describe('the same request', () => {
  test.each([
    ['ping', 'nginx1', 'gateway'],
    ['ping', 'shop-db-1', 'nginx1 -6 --count 0 --interval 0.2 --size 1400 --df --ttl 3 --timeout 2.5'],
    ['ping', 'host', 'www.example.org --link eth0 --mtu'],
    ['tcp', 'shop-db-1', 'nginx1:80,443'],
    ['tcp', 'host', '[fd00:31::3]:22 --timeout 0.5 --banner 0'],
    ['tcp', 'shop-db-1', 'nginx1:80 -6'],
    ['udp', 'redis123', '192.0.2.53:53 --ipv4'],
    ['udp', 'redis123', 'host:514 --payload "hello there" --timeout 1'],
    ['dns', 'nginx1', 'db'],
    ['dns', 'nginx1', 'www.example.org --type AAAA --server 192.0.2.53:5353 --timeout 1'],
    ['dns', 'host', '172.17.0.2 --server redis123'],
    ['http', 'shop-db-1', 'nginx1/health'],
    ['http', 'host', 'https://example.org:8443/x?y --head --insecure --header "A: b" --header "C: d"'],
    ['http', 'host', 'http://127.0.0.1/ --max-redirects 0 --timeout 3'],
    ['traceroute', 'nginx1', 'internet'],
    ['traceroute', 'nginx1', '192.0.2.1 --tcp --port 443 --max-hops 5 --probes 1 --timeout 0.2'],
    ['traceroute', 'nginx1', '192.0.2.1 --icmp --mtu'],
  ] as const)('%s from %s: %s', async (kind, netns, text) => {
    const request = await asCommand([kind, netns, ...(wordsOf(text) ?? [])])
    expect(request).toMatchObject({ kind })
    expect(asForm(kind, netns, text)).toEqual(request)
  })

  test('a matrix starts at the host', async () => {
    for (const text of ['back', 'front --port 80,443 --no-ping --timeout 0.2', 'docker0 -4']) {
      const request = await asCommand(['matrix', ...text.split(' ')])
      expect(request).toMatchObject({ kind: 'matrix' })
      expect(asForm('matrix', 'host', text)).toEqual(request)
    }
  })

  test('a capture keeps whole packets, because they may be saved', async () => {
    for (const text of [
      'eth0 tcp port 80',
      'eth0 --way icmp',
      '--way',
      'host redis123 --count 3 --duration 1.5',
    ]) {
      const request = await asCommand(['capture', 'nginx1', ...text.split(' ')])
      expect(request).toMatchObject({ kind: 'capture', snapLength: 1024, keepMs: 0 })
      const kept = { ...(typeof request === 'string' ? {} : request), snapLength: 0, keepMs: 60_000 }
      expect(asForm('capture', 'nginx1', text)).toEqual(kept)
    }
    expect(asForm('capture', 'nginx1', 'all')).toEqual(asForm('capture', 'nginx1', ''))
    expect(asForm('capture', 'nginx1', 'all')).toMatchObject({ filter: '', links: [{}, {}] })
  })

  test('a listener is tcp’s or udp’s option there', async () => {
    expect(asForm('listen', 'nginx1', '8080')).toEqual(await asCommand(['tcp', 'nginx1', '--listen', '8080']))
    const udp = await asCommand(['udp', 'nginx1', '--listen', '[::]:53', '--count', '2', '--timeout', '9'])
    expect(asForm('listen', 'nginx1', '[::]:53 --udp --count 2 --timeout 9')).toEqual(udp)
  })
})

test('the same refusals', async () => {
  for (const [kind, text] of [
    ['ping', '10.1'],
    ['tcp', 'redis123'],
    ['tcp', 'redis123:0'],
    ['dns', '172.17.0.2 --type A'],
    ['http', 'ftp://redis123/'],
  ] as const) {
    const said = await asCommand([kind, 'host', ...text.split(' ')])
    expect(typeof said).toBe('string')
    expect(asForm(kind, 'host', text)).toContain(said)
  }
})

test.each(['ping', 'http', 'tcp', 'udp', 'dns', 'traceroute', 'capture', 'matrix'] as const)(
  '%s has the options of the command',
  (kind) => {
    const command = commands.find(({ name }) => name === kind)
    const known = Object.entries(command?.options ?? {})
    for (const { name, short, value } of formOptions[kind]) {
      const [, spec] = known.find(([each]) => each === name) ?? []
      expect(spec, `${kind} --${name}`).toBeDefined()
      if (short !== undefined) expect(spec?.short, `${kind} -${short}`).toBe(short)
      if (value?.type === 'integer' || value?.type === 'seconds')
        expect(spec, `${kind} --${name}`).toMatchObject({ type: value.type, min: value.min, max: value.max })
    }
    // Files are a command line's; a listener has a form of its own.
    const others = [
      'output',
      'write',
      'listen',
      'serve',
      ...(kind === 'tcp' || kind === 'udp' || kind === 'http' ? ['count'] : []),
    ]
    const missing = known.filter(([each]) => !formOptions[kind].some(({ name }) => name === each))
    expect(missing.map(([each]) => each).filter((each) => !others.includes(each))).toEqual([])
  },
)
