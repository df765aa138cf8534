/** `exec`: the command is vethscope's own process by then, so all that a program has of its caller is compared with that. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'setpriv', 'getent'] })) {
  let host: TestHost
  let main: string

  const exec = (...args: readonly string[]) => host.try([process.execPath, main, 'exec', ...args])
  const netnsFile = (name: string) => host.try(['stat', '-L', '-c', '%i', `/run/netns/${name}`]).stdout.trim()

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost('exechost')
    // As systemd has it, so that a mount that is not kept apart would be seen.
    host.run(['mount', '--make-rshared', '/'])
    host.ip('netns add web', 'netns add db', 'link add w0 type veth peer name eth0 netns web')
    // An /etc of the host's own: the machine's is left alone.
    host.run(['sh', '-c', 'cp -a /etc /run/etc && mount --bind /run/etc /etc && mkdir -p /etc/netns/web'])
    host.run(['sh', '-c', 'echo "nameserver 10.9.8.7" > /etc/netns/web/resolv.conf'])
    host.run(['sh', '-c', 'echo "10.9.8.6 shop" > /etc/netns/web/hosts'])
  })
  afterAll(() => host.end())

  test('runs in the namespace, as this very process', () => {
    const { code, stdout } = exec('web', '--', 'readlink', '/proc/self/ns/net')
    expect(code).toBe(0)
    expect(stdout).toBe(`net:[${netnsFile('web')}]\n`)
    expect(exec('web', '--', 'sh', '-c', 'ls -l /proc/$$/fd').stdout).not.toContain('net:[')
  })

  test('exit code and signal are the command’s own', () => {
    expect(exec('web', '--', 'sh', '-c', 'exit 42').code).toBe(42)
    const shell = `"$0" "$1" exec web -- sh -c 'kill -TERM $$'; echo $?`
    expect(host.run(['sh', '-c', shell, process.execPath, main])).toBe('143\n')
  })

  test('-- may be left out, and options behind the command are the command’s', () => {
    expect(exec('web', 'sh', '-c', 'echo "$@"', '--json', '--from', 'x', '--').stdout).toBe('--from x --\n')
    expect(exec('--reader', 'netlink', 'web', 'expr', '--', '--help').stdout).toBe('--help\n')
  })

  test('input and output pass through byte by byte', () => {
    const make = 'head -c 300000 /dev/urandom > /run/in'
    const line = `${make}; "$0" "$1" exec web -- cat < /run/in > /run/out && cmp /run/in /run/out && echo same`
    expect(host.run(['sh', '-c', line, process.execPath, main])).toBe('same\n')
    const piped = `cat /run/in | "$0" "$1" exec web -- cat | cmp - /run/in && echo same`
    expect(host.run(['sh', '-c', piped, process.execPath, main])).toBe('same\n')
  })

  test('nothing of Node stays: signals, limits and descriptors as the shell would have given them', () => {
    const facts =
      'grep -E "^(SigBlk|SigIgn|SigCgt|NoNewPrivs)" /proc/self/status; ulimit -n; ls /proc/self/fd | wc -l'
    const line = `ulimit -S -n 512; sh -c '${facts}'; echo; "$0" "$1" exec web -- sh -c '${facts}'`
    const [plain, entered] = host.run(['sh', '-c', line, process.execPath, main]).split('\n\n')
    expect(entered?.trim()).toBe(plain?.trim())
    expect(plain).toContain('512')
    const piped = `"$0" "$1" exec web -- sh -c 'yes; echo "$?" >&2' | head -1`
    const { stdout, stderr } = host.try(['sh', '-c', piped, process.execPath, main])
    expect([stdout, stderr]).toEqual(['y\n', '141\n'])
  })

  test('its own resolv.conf and hosts stand over those of the host, whose mounts do not change', () => {
    const before = [host.read('/proc/1/mountinfo').toString(), host.read('/etc/resolv.conf').toString()]
    expect(exec('web', '--', 'cat', '/etc/resolv.conf').stdout).toBe('nameserver 10.9.8.7\n')
    expect(exec('web', '--', 'getent', 'hosts', 'shop').stdout).toMatch(/^10\.9\.8\.6 +shop\n$/)
    expect(exec('db', '--', 'cat', '/etc/resolv.conf').stdout).toBe(before[1])
    expect(host.read('/proc/1/mountinfo').toString()).toBe(before[0])
    expect(host.read('/etc/resolv.conf').toString()).toBe(before[1])
  })

  test('/sys shows its links, and what else was mounted there', () => {
    const { stdout } = exec('web', '--', 'sh', '-c', 'ls /sys/class/net; ls -d /sys/fs/cgroup/*')
    expect(stdout).toContain('eth0\nlo\n')
    expect(stdout).not.toContain('w0')
    const groups = host.try(['sh', '-c', 'ls -d /sys/fs/cgroup/*']).stdout
    expect(stdout.endsWith(groups)).toBe(true)
  })

  test('environment and folder are the caller’s, with the name beside them', () => {
    const line =
      'cd /run && LC_ALL=xx A=b "$0" "$1" exec web -- sh -c \'pwd; echo $LC_ALL $A $VETHSCOPE_NETNS\''
    expect(host.run(['sh', '-c', line, process.execPath, main])).toBe('/run\nxx b web\n')
  })

  test('a container’s files are copied, and whatever links it has lead nowhere outside', async () => {
    // What an engine does, in short: mounts of its own, another root.
    const script = `mount -t tmpfs tmpfs /run/c && mkdir -p /run/c/etc /run/c/bin /run/c/proc &&
      cp /bin/busybox /run/c/bin/ && echo "nameserver 127.0.0.11" > /run/c/etc/real &&
      ln -s /etc/real /run/c/etc/resolv.conf && ln -s ../../../../../../etc/shadow /run/c/etc/hosts &&
      cd /run/c && mkdir old && pivot_root . old && cd / &&
      exec /bin/busybox sh -c 'echo $$; umount -l /old; exec /bin/busybox sleep 1000'`
    host.run(['mkdir', '-p', '/run/c'])
    const pid = Number(await host.start(['unshare', '--net', '--mount', 'sh', '-c', script]))
    await expect.poll(() => host.try(['ls', `/proc/${pid}/root/old`]).stdout).toBe('')
    const { code, stdout, stderr } = exec(`pid:${pid}`, '--', 'cat', '/etc/resolv.conf', '/etc/hosts')
    expect([code, stdout, stderr]).toEqual([0, 'nameserver 127.0.0.11\n', ''])
    expect(exec(`pid:${pid}`, 'grep', '^hosts', '/etc/nsswitch.conf').stdout).toBe('hosts: files dns\n')
  })

  test('what fails before the command runs is 125, 126 or 127, in a sentence', () => {
    expect(exec('nosuch', '--', 'true')).toMatchObject({
      code: 125,
      stderr: expect.stringContaining('"nosuch"'),
    })
    expect(exec('web', '--', 'no-such-program')).toMatchObject({
      code: 127,
      stderr: expect.stringMatching(/^vethscope: cannot run "no-such-program": not found/),
    })
    expect(exec('web', '--', '/etc/passwd')).toMatchObject({ code: 126, stdout: '' })
    expect(exec('web', '--', '/etc')).toMatchObject({ code: 126 })
    expect(exec('web')).toMatchObject({ code: 2, stderr: expect.stringContaining('CMD') })
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
    expect(host.try([...nobody, process.execPath, main, 'exec', 'web', '--', 'true'])).toMatchObject({
      code: 125,
      stderr: expect.stringMatching(/^vethscope: cannot enter netns "web": .*\n$/),
    })
    expect(host.try([...nobody, process.execPath, main, 'exec', 'host', '--', 'id', '-u']).stdout).toBe(
      '65534\n',
    )
  })

  test('a name with control characters reaches neither the terminal nor a prompt', () => {
    host.run(['ip', 'netns', 'add', 'a\u001b[31mb'])
    const { stdout } = exec('a\u001b[31mb', '--', 'sh', '-c', 'echo $VETHSCOPE_NETNS')
    expect(stdout).not.toContain('\u001b')
    expect(exec('a\u001b[31mb', '--', 'no-such').stderr).not.toContain('\u001b')
    host.run(['ip', 'netns', 'del', 'a\u001b[31mb'])
  })

  test('a signal from outside reaches the command, under vethscope’s own pid', async () => {
    const [file, ...args] = host.inside([process.execPath, main, 'exec', 'web', '--', 'sleep', '1000'])
    const child = spawn('setpriv', ['--pdeathsig=KILL', '--', file, ...args], { stdio: 'ignore' })
    try {
      // nsenter --pid forks: the program is its child.
      const below = () => Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8'))
      await expect.poll(() => nameOf(below()), { timeout: 10_000 }).toBe('sleep')
      expect(statSync(`/proc/${below()}/ns/net`).ino).toBe(Number(netnsFile('web')))
      process.kill(below(), 'SIGTERM')
      const [, signal] = await once(child, 'exit')
      expect(signal).toBe('SIGTERM')
    } finally {
      child.kill('SIGKILL')
    }
  })

  const nameOf = (pid: number): string => {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
    } catch {
      return ''
    }
  }
}
