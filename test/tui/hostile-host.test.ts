/** Names that the kernel itself takes, on a real host: links, aliases, namespaces, processes, the host's own name. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { drawn, harmful, hostileTexts } from '../support/hostile.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal } from '../support/terminal.ts'

/**
 * Each text as the name of a link (up to 15 bytes), its alias (255), another name (127), a namespace (a file's
 * name, 255) and a process (15), as far as the kernel takes it. The last ones are no UTF-8 at all.
 */
const builder = `
import ctypes, json, os, subprocess, sys
texts = [each.encode() for each in json.loads(sys.argv[1])] + [b'\\x9b2J\\xff\\xfe', b'\\xe5\\xae']
refused = []
def ip(*args):
    done = subprocess.run([b'ip', *args], capture_output=True)
    if done.returncode != 0: refused.append(b' '.join(args[:4]).decode('latin-1'))
libc = ctypes.CDLL(None)
libc.sethostname(b'\\x1b[31mvm\\x9b2J', 10)
ip(b'link', b'add', b'br0', b'type', b'bridge')
for at, text in enumerate(texts):
    plain = b'v%d' % at
    try: netns = text.decode() and text[:250]
    except UnicodeDecodeError: netns = b'n%d' % at
    ip(b'netns', b'add', netns)
    ip(b'link', b'add', plain, b'type', b'veth', b'peer', b'name', b'eth0', b'netns', netns)
    ip(b'link', b'set', plain, b'master', b'br0', b'alias', (text * 40)[:255])
    ip(b'link', b'property', b'add', b'dev', plain, b'altname', (b'alt' + text)[:127])
    ip(b'link', b'set', plain, b'name', text[:15])
for text in texts[:4]:
    if os.fork() == 0:
        libc.unshare(0x40000000)
        with open('/proc/self/comm', 'wb') as f: f.write(text[:15])
        while True: libc.pause()
    if os.fork() == 0:
        libc.unshare(0x40000000)
        os.execv('/bin/sh', [text, b'-c', b'while :; do sleep 1000; done'])
def rules(*args):
    done = subprocess.run(args, capture_output=True)
    if done.returncode != 0: refused.append(done.stderr.decode('latin-1'))
for at, text in enumerate(texts):
    rules(b'iptables', b'-t', b'nat', b'-A', b'POSTROUTING', b'-m', b'comment', b'--comment', text[:200], b'-j', b'RETURN')
    # A name that a log line begins with, and a link that is not there.
    rules(b'iptables', b'-A', b'INPUT', b'-j', b'LOG', b'--log-prefix', text[:20])
print(json.dumps(refused), flush=True)
`

/** The space in UTF-8's bytes of U+2060 is one to the kernel (isspace takes 0xa0). */
const noNames = ['link set v11 name']
const texts = Object.values(hostileTexts)

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'python3', 'iptables', 'nft'] })) {
  let host: TestHost
  let program = ''
  const vethscope = (...args: readonly string[]) => host.try([process.execPath, program, ...args])

  beforeAll(async () => {
    ;[host, program] = await Promise.all([
      playHost(),
      buildVethscope().then((folder) => join(folder, 'main.js')),
    ])
    expect(JSON.parse(await host.start(['python3', '-c', builder, JSON.stringify(texts)]))).toEqual(noNames)
  })
  afterAll(async () => host.end())

  test('text, JSON and errors hold no byte that a terminal obeys', () => {
    const commands: readonly (readonly string[])[] = [
      ['show'],
      ['ls'],
      ['ls', 'links'],
      ['about'],
      ['find', 'eth0'],
      ...texts.slice(0, 4).flatMap((text) => [
        ['find', text],
        ['show', `x${text}`],
      ]),
      ['route', hostileTexts.title, '192.0.2.1'],
      ['nat'],
      ['findings'],
      ['ls', 'ports'],
      ['find', hostileTexts.tags],
      ['show', hostileTexts.long],
      ['snapshot', '-o', `/run/${hostileTexts.clear}/x.json`],
      ['show', '--from', `/run/${hostileTexts.title}`, '--json'],
      ['show', '--json'],
      ['snapshot', '-o', '-'],
    ]
    for (const command of commands) {
      const { code, stdout, stderr } = vethscope(...command)
      expect(stderr).not.toContain('an error inside vethscope')
      expect(`${stdout}${stderr}`.replaceAll('\n', ''), command.join(' ')).not.toMatch(harmful)
      expect(code, `${command.join(' ')}: ${stderr}`).toBeLessThanOrEqual(5)
    }
  })

  test('nothing is lost: JSON gives each name back as it is', () => {
    const { stdout } = vethscope('ls', 'links', '--json')
    const links = JSON.parse(stdout) as readonly {
      readonly name: string
      readonly netns: { readonly name: string }
    }[]
    const names = links.map(({ name }) => name)
    const inNamespaces = links.filter(({ name }) => name === 'eth0').map(({ netns }) => netns.name)
    for (const text of texts) {
      if (text !== hostileTexts.zeroWidth) expect(names).toContain(text.slice(0, 15))
      expect(inNamespaces).toContain(text.slice(0, 250))
    }
    expect(vethscope('show', hostileTexts.clear, '--json').code).toBe(0)
    expect(vethscope('find', hostileTexts.title, '--json')).toMatchObject({ code: 0, stderr: '' })
    const shown = vethscope('show').stdout
    expect(shown).toContain(String.raw`\x1b]0;owned\x07`)
    expect(shown).toContain(String.raw`a\u202egnp.exe`)
  })

  test.each([
    [80, 24],
    [120, 40],
  ])(
    'the live screen at %i×%i draws them as text, and every column stays where it is',
    async (columns, rows) => {
      const terminal = openTestTerminal(host.inside([process.execPath, program]), { columns, rows })
      try {
        await terminal.waitFor('live', 30_000)
        const type = async (...keys: readonly string[]) => {
          for (const key of keys) {
            terminal.send(key)
            // As a person would: an escape that is followed at once is part of a sequence.
            await new Promise((resolve) => setTimeout(resolve, key === '\x1b' ? 120 : 20))
          }
          await terminal.idle()
        }
        // Frames come in pieces where the machine is busy.
        await vi.waitFor(expectEdge, 8000)
        for (let at = 0; at < 12; at += 1) {
          await type('\x1bOB', '\x1bOB', '\x1bOB', '\r')
          await vi.waitFor(expectEdge, 8000)
        }
        await type('f', `\x1b[200~${hostileTexts.tags}\x1b[201~`)
        await type('\r', 'f', `\x1b[200~${hostileTexts.rightToLeft}\x1b[201~`)
        await type('\x1b', '!', '\x1b', '/', `\x1b[200~${hostileTexts.wide}\x1b[201~`, '\r')
        // Each screen, its pages with their rows, and what opens over it.
        for (const screen of ['2', '3', '4', '7']) {
          await type(screen, '\x1bOB', '\x1bOB', '\t', '\x1bOF', '\t', '}', '\x1bOB', '}', '\x1bOB')
          await type(
            'x',
            '\x1bOF',
            '\x1b',
            'Y',
            '\x1b',
            ':',
            `\x1b[200~${hostileTexts.clear}\x1b[201~`,
            '\r',
            '\x1b',
          )
          await type(
            'f',
            `\x1b[200~[UFW BLOCK] IN=${hostileTexts.title} SRC=172.17.0.2\x1b[201~`,
            '\x1b',
            '{',
            '{',
          )
        }
        await type('3', '\x1bOB', '\x1bOB', '\x1bOB', 'y')
        await terminal.waitFor(/comment|POSTROUTING/, 15_000)
        expect(drawn(terminal.raw())).not.toMatch(harmful)
        expect(drawn(terminal.raw())).not.toMatch(/\p{Mark}/u)
        expect(drawn(terminal.raw())).toContain(String.raw`\x1b]0;`)
        expect(drawn(terminal.raw())).toContain('{bold}')
        terminal.send('\x03')
        expect(await terminal.exited(15_000)).toBe(130)

        /** Rates end in one column; beside the panes of 120×40 the bar stands in one, whatever is written before. */
        function expectEdge(): void {
          const edge = terminal.screen.line(' rx/s ').indexOf('tx/s') + 4
          const links = terminal.screen
            .rows()
            .flatMap((row, at) => (/^[> !]?.{0,3}[├└▼]/.test(row) && !row.includes('links ') ? [at] : []))
          expect(links.length).toBeGreaterThan(3)
          for (const row of links) {
            const cells = [edge, edge + 1].map((column) => terminal.screen.cell(row, column).text)
            expect(cells, terminal.screen.rows()[row]).toEqual([
              expect.stringMatching(/^[-\dkMG]$/),
              expect.stringMatching(/^ ?$/),
            ])
          }
          if (columns < 110) return
          const bar = terminal.screen.rows()[2]?.indexOf('│') ?? -1
          for (let row = 3; row < rows - 1; row += 1) expect(terminal.screen.cell(row, bar).text).toBe('│')
        }
      } finally {
        terminal.close()
      }
    },
  )
}
