/** `http NETNS --serve`: a web server inside a namespace that says who asked. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ListenResult } from '../../src/model/probe-result.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

/** Two requests on one connection, a HEAD, what is no HTTP, and a URL that would clear a terminal. */
const asks = `
import socket
def say(text):
    s = socket.create_connection(("10.9.0.2", 8080), 5); s.sendall(text); s.shutdown(socket.SHUT_WR)
    said = b""
    while True:
        try: more = s.recv(4096)
        except ConnectionResetError: break
        if not more: break
        said += more
    print(repr(said.decode("latin1")))
say(b"GET /one HTTP/1.1\\r\\nHost: b\\r\\n\\r\\n")
say(b"HEAD /two HTTP/1.1\\r\\nHost: b\\r\\n\\r\\n")
say(b"SSH-2.0-nothing\\r\\n\\r\\n")
say(b"GET /\\x1b[2J\\xe2\\x80\\xae HTTP/1.0\\r\\n\\r\\n")
say(b"POST /three HTTP/1.0\\r\\nContent-Length: 3\\r\\n\\r\\nabc")
`

if (requires({ root: true, tools: ['ip', 'nsenter', 'python3'] })) {
  let host: TestHost
  let main: string

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost('servehost')
    host.ip('netns add a', 'netns add b', 'link add eth0 netns a type veth peer name eth0 netns b')
    for (const [name, address] of [
      ['a', '10.9.0.1/24'],
      ['b', '10.9.0.2/24'],
    ] as const) {
      host.run(['ip', '-n', name, 'addr', 'add', address, 'dev', 'eth0'])
      host.run(['ip', '-n', name, 'link', 'set', 'eth0', 'up'])
    }
  }, 60_000)
  afterAll(() => host.end())

  const run = (...args: readonly string[]) => host.try([process.execPath, main, ...args])

  test('answers with who asked and by which name; what is no HTTP is refused and not told', async () => {
    const child = host.spawn([
      process.execPath,
      main,
      'http',
      'b',
      '--serve',
      '8080',
      '--count',
      '4',
      '--json',
    ])
    let out = ''
    child.stdout?.on('data', (data) => (out += String(data)))
    const ended = new Promise((done) => child.once('close', done))
    await expect
      .poll(() => host.try(['ip', 'netns', 'exec', 'b', 'ss', '-Htln', 'sport = :8080']).stdout, {
        timeout: 15_000,
      })
      .not.toBe('')
    const asked = run('http', 'a', 'b:8080/from/a')
    expect(asked.stdout).toContain('200')
    const said = host.run(['ip', 'netns', 'exec', 'a', 'python3', '-c', asks]).trim().split('\n')
    expect(said[0]).toMatch(/^'HTTP\/1.1 200 OK.*b answers 10\.9\.0\.1:\d+ \(a\): GET \/one\\n'$/)
    expect(said[1]).toMatch(/200 OK/)
    expect(said[1]).not.toContain('answers')
    expect(said[2]).toMatch(/400 Bad Request/)
    expect(said[3]).not.toContain('\\x1b')
    expect(said[4]).toContain('POST /three')
    await ended
    const result = JSON.parse(out) as ListenResult
    expect(result).toMatchObject({ kind: 'listen', ok: true, port: 8080 })
    expect(result.came.map(({ from, says }) => [from, says])).toEqual([
      ['10.9.0.1', 'GET /from/a'],
      ['10.9.0.1', 'GET /one'],
      ['10.9.0.1', 'HEAD /two'],
      ['10.9.0.1', 'POST /three'],
    ])
  }, 40_000)

  test('ends with Ctrl-C, and the port is free again at once', async () => {
    for (const _ of [1, 2]) {
      const child = host.spawn([process.execPath, main, 'http', 'b', '--serve', '80'])
      const [first] = await new Promise<readonly string[]>((done) => {
        child.stderr?.once('data', (data) => done([String(data)]))
        child.stdout?.once('data', (data) => done([String(data)]))
      })
      expect(first).toContain('a web server on 0.0.0.0:80 in b')
      // What runs inside is the child of nsenter, which waits for it.
      const pid = host.run(['pgrep', '-f', 'http b --serve 80']).trim().split('\n')[0] ?? ''
      const closed = new Promise((done) => child.once('close', done))
      host.run(['kill', '-INT', pid])
      await closed
    }
  }, 40_000)

  test('a URL and --serve, or neither, is no question', () => {
    expect(run('http', 'a')).toMatchObject({ code: 2, stderr: expect.stringContaining('or --serve') })
    expect(run('http', 'a', 'http://b/', '--serve', '80').code).toBe(2)
    expect(run('http', 'a', 'b', '--count', '2').code).toBe(2)
    expect(run('http', 'a', '--serve', '80:80').code).toBe(2)
  })
}
