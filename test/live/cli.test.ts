import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'bridge', 'unshare', 'nsenter', 'setpriv', 'python3'] })) {
  let host: TestHost
  let program: { readonly main: string }
  let sleeper: number

  const vethscope = (...args: readonly string[]) => host.try([process.execPath, program.main, ...args])
  const json = (...args: readonly string[]) => {
    const { code, stdout, stderr } = vethscope(...args, '--json')
    expect(stderr).toBe('')
    return { code, data: JSON.parse(stdout) }
  }
  const ok = (...args: readonly string[]) => {
    const { code, data } = json(...args)
    expect(code).toBe(0)
    return data
  }

  const inside = (netns: string, ...lines: readonly string[]) =>
    host.run(['ip', '-n', netns, '-batch', '-'], { input: `${lines.join('\n')}\n` })

  beforeAll(async () => {
    program = { main: join(await buildVethscope(), 'main.js') }
    host = await playHost('clihost')
    host.ip(
      'netns add a',
      'netns add b',
      'link add br0 type bridge',
      'addr add 10.5.0.1/24 dev br0',
      'link set br0 up',
    )
    for (const [name, address] of [
      ['a', '10.5.0.2/24'],
      ['b', '10.5.0.3/24'],
    ] as const) {
      host.ip(`link add v-${name} type veth peer name eth0 netns ${name}`, `link set v-${name} master br0 up`)
      inside(
        name,
        `addr add ${address} dev eth0`,
        'link set lo up',
        'link set eth0 up',
        'route add default via 10.5.0.1',
      )
    }
    inside('a', 'route add blackhole 10.66.0.0/16')
    // Not `spawn`: its pipes are sockets of the machine, which a snapshot would find.
    sleeper = Number(await host.start(['ip', 'netns', 'exec', 'a', 'sh', '-c', 'echo $$; exec sleep 1000']))
  })
  afterAll(async () => {
    await host.end()
  })

  test('show, ls and ip say the same of every link, and pairs point at each other', () => {
    const links = ok('ls', 'links')
    for (const [name, command] of [
      ['host', ['ip']],
      ['a', ['ip', '-n', 'a']],
      ['b', ['ip', '-n', 'b']],
    ] as const) {
      const wanted = JSON.parse(host.run([...command, '-j', '-d', 'addr']))
      const seen = links.filter((link: { netns: { name: string } }) => link.netns.name === name)
      expect(seen).toHaveLength(wanted.length)
      for (const each of wanted) {
        expect(seen).toContainEqual(
          expect.objectContaining({
            name: each.ifname,
            ifindex: each.ifindex,
            mtu: each.mtu,
            operstate: each.operstate,
            lladdr: each.address ?? null,
            master: each.master ?? null,
            addresses: each.addr_info.map(
              (one: { local: string; prefixlen: number }) => `${one.local}/${one.prefixlen}`,
            ),
          }),
        )
      }
    }
    const find = (netns: string, name: string) =>
      links.find(
        (link: { netns: { name: string }; name: string }) => link.netns.name === netns && link.name === name,
      )
    for (const name of ['a', 'b']) {
      const [near, far] = [find('host', `v-${name}`), find(name, 'eth0')]
      expect(near.peer).toEqual({ netns: far.netns, ifindex: far.ifindex, name: 'eth0' })
      expect(far.peer).toEqual({ netns: near.netns, ifindex: near.ifindex, name: `v-${name}` })
    }
    const shown = ok('show')
    expect(shown.hostName).toBe('clihost')
    expect(shown.bridges).toMatchObject([
      {
        name: 'br0',
        addresses: expect.arrayContaining(['10.5.0.1/24']),
        ports: [{ name: 'v-a' }, { name: 'v-b' }],
      },
    ])
    expect(vethscope('show').stdout).toMatch(/v-a +veth +UP +.*= a eth0 \(10\.5\.0\.2\/24\)/)
  })

  test('every way to name a namespace, and the ways to get it wrong', () => {
    const [a] = ok('ls').filter((netns: { name: string }) => netns.name === 'a')
    for (const name of ['a', `pid:${sleeper}`, `ino:${a.id}`, '/run/netns/a', `/proc/${sleeper}/ns/net`]) {
      expect(ok('show', name).netns, name).toMatchObject([{ id: a.id, name: 'a' }])
    }
    expect(ok('show', 'host').netns[0].id).toBe(ok('show').host.id)
    expect(ok('show', '--host', 'a').host).toEqual({ id: a.id, name: 'host' })
    expect(json('show', 'nope')).toMatchObject({
      code: 4,
      data: { error: { kind: 'not-found', subject: 'nope' } },
    })
    expect(json('show', '--host', 'nope').code).toBe(4)
    expect(vethscope('show', 'pid:99999999').code).toBe(4)
    expect(vethscope('show', '--frob')).toMatchObject({ code: 2, stdout: '' })
    expect(vethscope()).toMatchObject({ code: 2, stderr: expect.stringContaining('vethscope show') })
    expect(vethscope('demo')).toMatchObject({ code: 2, stderr: expect.stringContaining('terminal') })
    expect(vethscope('demo', '--from', 'x.json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('leave --from out'),
    })
    expect(vethscope('--version').stdout).toBe('vethscope 0.0.0-test\n')
  })

  test('route says what ip route get says', () => {
    for (const dst of ['10.5.0.3', '203.0.113.9', '10.5.0.2', '127.0.0.1']) {
      const [wanted] = JSON.parse(host.run(['ip', '-n', 'a', '-j', 'route', 'get', dst]))
      const answer = ok('route', 'a', dst)
      expect(answer, dst).toMatchObject({
        ways: [{ link: wanted.dev, gateway: wanted.gateway ?? null }],
        source: { address: wanted.prefsrc },
      })
    }
    // What decides about forwarding is read of the host alone.
    const forwarded = () => json('route', 'host', '10.5.0.3', '--iif', 'v-a', '--from', '10.9.0.1').code
    const sysctl = (name: string, value: number) =>
      host.run(['sh', '-c', `echo ${value} > /proc/sys/net/ipv4/${name}`])
    for (const link of ['all', 'v-a']) sysctl(`conf/${link}/rp_filter`, 0)
    sysctl('ip_forward', 0)
    expect(forwarded()).toBe(1)
    sysctl('ip_forward', 1)
    expect(forwarded()).toBe(0)
    expect(json('route', 'a', '10.66.1.1')).toMatchObject({ code: 1, data: { verdict: 'blackhole' } })
    expect(vethscope('route', 'a', 'somewhere').code).toBe(2)
    expect(vethscope('route', 'a', '1.1.1.1', '--iif', 'nope').code).toBe(4)
  })

  test('find', async () => {
    expect(ok('find', '10.5.0.2')).toContainEqual(
      expect.objectContaining({ what: 'address', owner: expect.objectContaining({ name: 'a' }) }),
    )
    expect(ok('find', 'v-b')).toContainEqual(
      expect.objectContaining({
        what: 'link',
        peer: expect.objectContaining({ name: 'eth0', netns: expect.objectContaining({ name: 'b' }) }),
        bridge: expect.objectContaining({ name: 'br0' }),
      }),
    )
    expect(json('find', 'quux')).toMatchObject({ code: 4 })
    const listener =
      'import socket, time; s = socket.socket(); s.bind(("", 4242)); s.listen(); print("on", flush=True); time.sleep(1000)'
    await host.start(['ip', 'netns', 'exec', 'b', 'python3', '-c', listener])
    expect(ok('find', '10.5.0.3:4242')).toContainEqual(
      expect.objectContaining({
        what: 'socket',
        says: expect.stringMatching(/^tcp 0\.0\.0\.0:4242, held by python3/),
      }),
    )
  })

  test('a snapshot is the same host, offline', () => {
    host.run(['mkdir', '-p', '/run/out'])
    const made = ok('snapshot', '-o', '/run/out/host.json.gz')
    expect(made).toMatchObject({ file: '/run/out/host.json.gz', netns: 3, gaps: expect.any(Number) })
    expect(host.run(['stat', '-c', '%a %u', '/run/out/host.json.gz'])).toBe('600 0\n')
    const links = (...args: readonly string[]) =>
      ok('ls', 'links', ...args).map((link: object) => ({ ...link, stats: null }))
    const live = links()
    const file = links('--from', '/run/out/host.json.gz')
    expect(file).toEqual(live)
    expect(ok('route', 'a', '203.0.113.9', '--from', '/run/out/host.json.gz').routeText).toBe(
      'default via 10.5.0.1 dev eth0',
    )
    const printed = vethscope('snapshot', '-o', '-')
    expect(printed.code).toBe(0)
    expect(JSON.parse(printed.stdout)).toMatchObject({ format: 'vethscope-world', hostName: 'clihost' })
    expect(
      JSON.parse(printed.stdout).netns.every((netns: { details: unknown }) => netns.details !== null),
    ).toBe(true)
  })

  test('a snapshot is written nowhere that it should not, and not by halves', () => {
    host.run([
      'sh',
      '-c',
      'mkdir -p /run/bad/full && echo mine > /run/bad/there && ln -s /run/bad/target /run/bad/link',
    ])
    host.run(['mount', '-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', '/run/bad/full'])
    const refused = (file: string) => {
      const { code, stdout, stderr } = vethscope('snapshot', '-o', file)
      expect(stdout).toBe('')
      return [code, stderr.replace(/^vethscope: cannot write ".*": /, '').trim()]
    }
    expect(refused('/run/bad/there')).toEqual([5, expect.stringMatching(/^it exists/)])
    expect(refused('/run/bad/link')).toEqual([5, expect.stringMatching(/^it is a symbolic link/)])
    expect(refused('/run/bad/no/x')).toEqual([4, 'the folder does not exist'])
    expect(refused('/dev/full')).toEqual([5, expect.stringMatching(/^it is not a file/)])
    expect(refused('/run/bad/full/x.json')).toEqual([5, 'no space left on the disk; nothing was kept'])
    expect(host.run(['ls', '/run/bad/full'])).toBe('')
    expect(host.run(['sh', '-c', 'cat /run/bad/there; ls /run/bad'])).toBe('mine\nfull\nlink\nthere\n')
  })

  test('without root it runs, says what is missing, and --strict makes that exit 3', () => {
    const nobody = (...args: readonly string[]) =>
      host.try([
        'setpriv',
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        process.execPath,
        program.main,
        ...args,
      ])
    const shown = nobody('show', '--json')
    expect(shown.code).toBe(0)
    const data = JSON.parse(shown.stdout)
    expect(data.gaps.length).toBeGreaterThan(0)
    const a = data.netns.find((netns: { name: string }) => netns.name === 'a')
    expect(a).toMatchObject({
      readable: { unknown: expect.any(String) },
      links: { unknown: expect.any(String) },
    })
    const strict = nobody('show', '--json', '--strict')
    expect([strict.code, JSON.parse(strict.stdout).gaps.length]).toEqual([3, data.gaps.length])
    expect(nobody('show').stdout).toMatch(/could not be read \(\d+\):/)
    expect(nobody('route', 'a', '203.0.113.9').code).toBe(3)
    host.run(['mkdir', '-m', '755', '/run/roots'])
    expect(nobody('snapshot', '-o', '/run/roots/x.json')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('permission denied'),
    })
  })

  test('either reader can be asked for, and about says which', () => {
    expect(ok('about', '--reader', 'ip').reader.name).toBe('ip')
    expect(ok('about', '--reader', 'netlink').reader.name).toBe('netlink')
    expect(ok('about')).toMatchObject({
      version: '0.0.0-test',
      node: process.version,
      hostName: 'clihost',
      uid: 0,
    })
    const names = (...args: readonly string[]) =>
      ok('ls', 'links', ...args)
        .map((link: { name: string }) => link.name)
        .sort()
    expect(names('--reader', 'ip')).toEqual(names('--reader', 'netlink'))
  })

  test('standard output: a reader that goes away is quiet, a full disk is not', () => {
    const inBash = (line: string) => {
      const [file, ...args] = host.inside(['bash', '-c', line, 'bash', process.execPath, program.main])
      return spawnSync(file, args, { encoding: 'utf8' })
    }
    const head = inBash('set -o pipefail; "$1" "$2" snapshot -o - | head -c 20; echo; echo "code $?"')
    expect(head.stderr).toBe('')
    expect(head.stdout).toBe('{\n"format": "vethsco\ncode 0\n')
    const full = inBash('"$1" "$2" show --json > /dev/full')
    expect(full.status).toBe(5)
    expect(full.stderr).toMatch(/^vethscope: cannot write to standard output: ENOSPC/)
    const whole = inBash('"$1" "$2" snapshot -o - | sleep 0.2 | true; "$1" "$2" snapshot -o - | tail -c 3')
    expect(whole.stdout).toBe('\n}\n')
  })

  test('a signal ends it with 128+n, and leaves no half-written file', async () => {
    host.run([
      'sh',
      '-c',
      'mkdir -p /run/slow /run/sig && printf "#!/bin/sh\\nexec sleep 1000\\n" > /run/slow/ip && chmod +x /run/slow/ip',
    ])
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      const child = host.spawn([
        'env',
        'PATH=/run/slow:/usr/sbin:/usr/bin:/sbin:/bin',
        'sh',
        '-c',
        'echo $$; exec "$@"',
        'sh',
        process.execPath,
        program.main,
        'snapshot',
        '--reader=ip',
        '-o',
        '/run/sig/x.json',
      ])
      if (child.stdout === null) throw new Error('no output')
      const [line]: readonly unknown[] = await once(child.stdout, 'data')
      const pid = Number(String(line).trim())
      await until(() => host.try(['grep', '-q', '[0-9]', `/proc/${pid}/task/${pid}/children`]).code === 0)
      const ended = once(child, 'exit')
      host.run(['kill', `-${signal}`, String(pid)])
      expect(await ended).toEqual([code, null])
      expect(host.run(['ls', '/run/sig'])).toBe('')
    }
  })
}

async function until(condition: () => boolean): Promise<void> {
  const limit = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > limit) throw new Error('it did not come to that in 20 s')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
