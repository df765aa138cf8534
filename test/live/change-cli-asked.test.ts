/** Changes that are asked for at a terminal, that fail, and that are stopped. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal } from '../support/terminal.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter'] })) {
  let host: TestHost
  let main = ''

  const vethscope = (line: string) => host.try([process.execPath, main, ...line.split(' ')])
  const netnsNames = () => host.run(['ls', '/run/netns']).split('\n').filter(Boolean)

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost('asked')
  })
  afterAll(async () => {
    await host.end()
  })

  /** An `ip` that does something else where a link is set up. */
  const withOwnIp = (then: string): readonly string[] => {
    const ip = host.run(['sh', '-c', 'command -v ip']).trim()
    host.run(['mkdir', '-p', '/run/bin'])
    host.run(['sh', '-c', 'cat > /run/bin/ip; chmod 755 /run/bin/ip'], {
      input: `#!/bin/sh\ncase "$*" in *" up"*) ${then};; esac\nexec ${ip} "$@"\n`,
    })
    return ['env', 'PATH=/run/bin:/usr/sbin:/usr/bin:/sbin:/bin', process.execPath, main]
  }

  test('a step that fails: what was done is taken back, told, and exit code 5', () => {
    const own = withOwnIp('echo no way >&2; exit 2')
    const failing = (...more: readonly string[]) =>
      host.try([...own, 'netns', 'add', 'grey', '--yes', ...more])
    const result = failing('--json')
    expect(result.code).toBe(5)
    expect(JSON.parse(result.stdout)).toMatchObject({
      applied: false,
      left: [],
      steps: [{ outcome: 'undone' }, { outcome: 'failed' }],
      error: { exitCode: 2, stderr: expect.stringContaining('no way') },
    })
    const text = failing()
    expect(text).toMatchObject({ code: 5, stdout: '' })
    expect(text.stderr).toMatch(/^failed: .*what was done is taken back\n[^]*no way/)
    expect(netnsNames()).toEqual([])
  })

  test('at a terminal: the plan, the question, the steps as they are made; no leaves all as it is', async () => {
    const [file, ...args] = host.inside([process.execPath, main, 'netns', 'add', 'asked'])
    const ask = async (answer: string, wanted: number) => {
      const terminal = openTestTerminal([file, ...args], { columns: 100, rows: 30 })
      try {
        await terminal.waitFor('apply? [y/N]', 20_000)
        terminal.send(answer)
        expect(await terminal.exited(20_000)).toBe(wanted)
        return terminal.text()
      } finally {
        terminal.close()
      }
    }
    const no = await ask('n\r', 1)
    expect(no).toMatch(/\+ ip netns add asked\n\s+- ip netns delete asked/)
    expect(no).toContain('not done')
    expect(netnsNames()).toEqual([])
    const yes = await ask('y\r', 0)
    expect(yes).toMatch(/1\/2 .*: done\n2\/2 .*: done\ndone: [^]*undo: vethscope undo \d+/)
    expect(netnsNames()).toEqual(['asked'])
    const told = vethscope('undo --yes --json --tell-steps')
    expect(told.code).toBe(0)
    const lines = told.stderr
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
    expect(lines.at(-1)).toMatchObject({ number: 2, of: 2, step: { outcome: 'done' } })
    expect(vethscope('cleanup')).toMatchObject({ code: 0, stdout: 'nothing to clean up\n' })
  })

  test('told to end while it is made: what was begun is taken back before it ends, and told', async () => {
    host.run(['rm', '-f', '/run/here', '/run/go', '/run/code'])
    const own = withOwnIp('touch /run/here; timeout 20 sh -c "until test -e /run/go; do sleep 0.05; done"')
    const line = 'link add-veth host vstop0 host vstop1 --up --yes'
    const script = '"$@" > /run/told 2>&1 & echo $!; wait $!; echo $? > /run/code'
    const pid = await host.start(['sh', '-c', script, 'sh', ...own, ...line.split(' ')])
    const waiting = { timeout: 20_000 }
    await vi.waitFor(() => expect(host.try(['test', '-e', '/run/here']).code).toBe(0), waiting)
    expect(host.run(['ip', 'link'])).toContain('vstop0')
    host.run(['kill', '-TERM', pid])
    // The second one does not leave it half done either.
    host.run(['kill', '-TERM', pid])
    host.run(['touch', '/run/go'])
    await vi.waitFor(() => expect(host.read('/run/code').toString()).toBe('143\n'), waiting)
    expect(host.run(['ip', 'link'])).not.toContain('vstop0')
    expect(host.read('/run/told').toString()).toMatch(/failed: .*vstop0.*: what was done is taken back/)
    expect(vethscope('cleanup')).toMatchObject({ code: 0, stdout: 'nothing to clean up\n' })
  })
}
