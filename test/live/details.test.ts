/** The dear details of a namespace, and DNS files, on the real kernel. */
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readDns } from '../../src/collect/dns.ts'
import { queryPrograms } from '../../src/collect/kernel/details/bpf.ts'
import { readDetails } from '../../src/collect/kernel/details/read-details.ts'
import { readProc } from '../../src/collect/kernel/details/read-proc.ts'
import { readProcSockets } from '../../src/collect/kernel/details/read-sockets.ts'
import { socketOwners, type SocketProcess } from '../../src/collect/kernel/details/socket-owners.ts'
import { withSysNet } from '../../src/collect/kernel/details/read-sys-net.ts'
import { readSysctls } from '../../src/collect/kernel/details/sysctls.ts'
import { inside } from '../../src/collect/kernel/inside.ts'
import { loadLibc, type Libc } from '../../src/collect/kernel/libc.ts'
import { netnsId } from '../../src/model/ids.ts'
import { isUnknown, type Known } from '../../src/model/known.ts'
import type { NetnsDetails } from '../../src/model/netns.ts'
import type { Process } from '../../src/model/process.ts'
import type { Socket } from '../../src/model/socket.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'

/** Sockets of many kinds, then one line for each thing it is told to do. */
const holder = `
import socket, sys
def listen(family, address, only6=None, device=None, kind=socket.SOCK_STREAM):
    s = socket.socket(family, kind)
    if only6 is not None: s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only6)
    if device: s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device)
    s.bind(address)
    if kind == socket.SOCK_STREAM: s.listen(7)
    return s
keep = [
    listen(socket.AF_INET, ('127.0.0.1', 8080)),
    listen(socket.AF_INET6, ('::', 8081), 1),
    listen(socket.AF_INET6, ('::', 8082), 0),
    listen(socket.AF_INET, ('0.0.0.0', 9000), None, b'lo', socket.SOCK_DGRAM),
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
]
client = socket.create_connection(('127.0.0.1', 8080))
keep.append(keep[0].accept()[0])
client.sendall(b'hello')
print('ready', flush=True)
for line in sys.stdin:
    if line.startswith('no-port'):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for _ in range(5): s.sendto(b'x', ('127.0.0.1', 1))
    print('done', flush=True)
`

/** Runs in a worker thread; vitest itself runs tests on a main thread, where /proc/net would be right by luck. */
const workerCode = `
import { parentPort, workerData } from 'node:worker_threads'
import { readDetails } from './src/collect/kernel/details/read-details.ts'
import { inside } from './src/collect/kernel/inside.ts'
import { loadLibc } from './src/collect/kernel/libc.ts'
async function main() {
  const loaded = await loadLibc()
  if (!loaded.ok) throw new Error(loaded.failure.what)
  const { entrance } = workerData
  const read = inside(loaded.value, entrance, () => readDetails({ libc: loaded.value, processes: [] }))
  parentPort.postMessage(read.ok ? read.value : read.failure)
}
void main()
`

describe.runIf(requires({ root: true, tools: ['ip', 'tc', 'nsenter', 'unshare', 'python3'] }))(
  'details',
  () => {
    let host: TestHost
    let libc: Libc
    let python: ReturnType<TestHost['spawn']>
    let processes: readonly SocketProcess[]

    const nsfs = (path: string) => {
      const { dev, ino } = statSync(path, { bigint: true })
      return { dev: Number(dev), ino, paths: [path], holders: { sockets: [] } }
    }
    function within<T>(path: string, work: () => T extends PromiseLike<unknown> ? never : T): T {
      const result = inside(libc, nsfs(path), work)
      if (!result.ok) throw new Error(result.failure.unknown)
      return result.value
    }
    const hostPath = () => `/proc/${host.pid}/ns/net`
    const read = (path = hostPath()): NetnsDetails => within(path, () => readDetails({ libc, processes }))
    function known<T>(value: Known<T>): T {
      if (isUnknown(value)) throw new Error(value.unknown)
      return value
    }
    async function tell(word: string): Promise<void> {
      const answer = once(python.stdout!, 'data')
      python.stdin!.write(`${word}\n`)
      await answer
    }

    beforeAll(async () => {
      host = await playHost('details')
      const loaded = await loadLibc()
      if (!loaded.ok) throw new Error(loaded.failure.what)
      libc = loaded.value
      host.ip(
        'netns add a',
        'link add v0 type veth peer name eth0 netns a',
        'link add in0 type veth peer name in1',
        'link set v0 up',
        'link set in0 up',
      )
      python = host.spawn(['python3', '-c', holder])
      await once(python.stdout!, 'data')
      processes = processesIn(hostPath())
    })
    afterAll(() => host.end())

    test('sockets with state, owner, link and v6only', () => {
      const sockets = known(read().sockets)
      const at = (protocol: string, port: number, state: string) =>
        sockets.find((each) => each.protocol === protocol && each.local.port === port && each.state === state)
      const owner = processes.find(({ name }) => name.startsWith('python'))
      expect(owner).toBeDefined()
      expect(at('tcp', 8080, 'LISTEN')).toMatchObject({
        family: 'inet',
        local: { address: '127.0.0.1' },
        remote: null,
        boundTo: null,
        uid: 0,
        sendQueue: 7,
        process: owner,
      })
      expect(at('tcp', 8081, 'LISTEN')).toMatchObject({
        family: 'inet6',
        local: { address: '::' },
        v6only: true,
      })
      expect(at('tcp', 8082, 'LISTEN')).toMatchObject({ family: 'inet6', v6only: false, process: owner })
      expect(at('udp', 9000, 'UNCONN')).toMatchObject({
        local: { address: '0.0.0.0' },
        boundTo: 1,
        process: owner,
      })
      const accepted = at('tcp', 8080, 'ESTAB')
      expect(accepted).toMatchObject({ remote: { address: '127.0.0.1' }, recvQueue: 5, process: owner })
      expect(at('tcp', accepted?.remote?.port ?? 0, 'ESTAB')).toMatchObject({ remote: { port: 8080 } })
      expect(sockets.find(({ protocol }) => protocol === 'raw')).toMatchObject({
        local: { address: '0.0.0.0', port: 1 },
        process: owner,
      })
      expect(known(read(host.path('/run/netns/a')).sockets)).toEqual([])
    })

    test('/proc tells the same, but for what it cannot', () => {
      const byProc = within(hostPath(), () => readProcSockets(readProc, socketOwners(processes)))
      // /proc has no backlog limit in the sending queue of a listener.
      const plain = (sockets: readonly Socket[]) =>
        sockets
          .map((each) => ({
            ...each,
            boundTo: null,
            v6only: null,
            sendQueue: each.state === 'LISTEN' ? 0 : each.sendQueue,
          }))
          .toSorted((a, b) => Number(a.inode) - Number(b.inode))
      expect(plain(known(byProc))).toEqual(plain(known(read().sockets)))
      expect(known(byProc).length).toBeGreaterThanOrEqual(7)
    })

    test('a socket whose process is not among those known has nobody, not somebody', () => {
      const sockets = known(within(hostPath(), () => readDetails({ libc, processes: [] })).sockets)
      expect(sockets.every((each) => each.process === null)).toBe(true)
    })

    test('parts that are asked for alone say the same, and the others that nobody asked', () => {
      const { sysctls, sockets, ...others } = within(hostPath(), () =>
        readDetails({ libc, processes, only: ['sysctls', 'sockets'] }),
      )
      expect({ sysctls, sockets }).toEqual({ sysctls: read().sysctls, sockets: read().sockets })
      expect(known(sockets).length).toBeGreaterThan(0)
      expect(new Set(Object.values(others).map((part) => JSON.stringify(part)))).toEqual(
        new Set(['{"unknown":"nobody asked for it"}']),
      )
    })

    test('sysctls are the namespace’s own', () => {
      host.run([
        ...'ip netns exec a sh -c'.split(' '),
        'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 2 > /proc/sys/net/ipv4/conf/all/rp_filter',
      ])
      host.run([
        ...'ip netns exec a sh -c'.split(' '),
        'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6',
      ])
      const inA = known(read(host.path('/run/netns/a')).sysctls)
      expect(inA).toMatchObject({
        'ipv4.ip_forward': '1',
        'ipv4.conf.all.rp_filter': '2',
        'ipv6.conf.default.disable_ipv6': '1',
      })
      expect(known(read().sysctls)).toMatchObject({
        'ipv4.ip_forward': '0',
        'ipv6.conf.default.disable_ipv6': '0',
      })
      const own = readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trim()
      expect(known(readDetails({ libc, processes: [] }).sysctls)['ipv4.ip_forward']).toBe(own)
    })

    test('sysctls through folders opened once are those of their files, in each namespace', () => {
      for (const path of [hostPath(), host.path('/run/netns/a'), hostPath()]) {
        const [plain, opened] = within(path, () => [
          readSysctls(readProc),
          withSysNet((proc) => readSysctls(proc)),
        ])
        expect(opened).toEqual(plain)
      }
    })

    test('counters are the namespace’s own, and grow', async () => {
      const noPorts = () => known(read().counters)['Udp.NoPorts'] ?? -1
      const before = noPorts()
      await tell('no-port')
      await expect.poll(noPorts, { timeout: 5000 }).toBe(before + 5)
      expect(known(read(host.path('/run/netns/a')).counters)['Udp.NoPorts']).toBe(0)
    })

    test('a worker thread reads the namespace it is in, not the main thread’s', async () => {
      const { outputFiles } = await build({
        stdin: { contents: workerCode, resolveDir: process.cwd(), loader: 'ts' },
        bundle: true,
        write: false,
        platform: 'node',
        format: 'cjs',
        external: ['koffi'],
      })
      const path = hostPath()
      const worker = new Worker(outputFiles[0]!.text, {
        eval: true,
        workerData: { entrance: nsfs(path) },
      })
      const [details] = (await once(worker, 'message')) as [NetnsDetails]
      await worker.terminate()
      const here = read()
      expect(details.sysctls).toEqual(here.sysctls)
      expect(known(details.sockets)).toHaveLength(known(here.sockets).length)
      // The host of this test has seen a handful of packets; the machine a lot more.
      expect(known(details.counters)['Udp.NoPorts']).toBe(known(here.counters)['Udp.NoPorts'])
      expect(known(details.counters)['Ip.InReceives']).toBe(known(here.counters)['Ip.InReceives'])
      expect(known(details.xfrmPolicies)).toEqual(known(here.xfrmPolicies))
    })

    test('qdiscs in the words of tc', () => {
      host.run('tc qdisc add dev v0 root handle 8001: tbf rate 1mbit burst 4kb latency 50ms'.split(' '))
      host.run(['tc', 'qdisc', 'add', 'dev', 'in0', 'root', 'handle', '1:', 'htb', 'default', '30'])
      const ifindex = ifindexOf('v0')
      const qdiscs = known(read().qdiscs)
      const tbf = qdiscs.find((each) => each.ifindex === ifindex)
      expect(tbf).toMatchObject({ kind: 'tbf', handle: '8001:', parent: 'root', drops: 0, backlog: 0 })
      expect(host.run(['tc', 'qdisc', 'show', 'dev', 'v0'])).toContain(tbf?.options)
      expect(tbf?.options).toBe('rate 1Mbit burst 4Kb lat 50ms')
      expect(qdiscs.find(({ kind }) => kind === 'htb')).toMatchObject({
        handle: '1:',
        options: expect.stringContaining('default 0x30'),
      })
    })

    test('filters, and the link that mirred sends to', () => {
      host.run(['tc', 'qdisc', 'add', 'dev', 'in0', 'clsact'])
      host.run(
        'tc filter add dev in0 egress prio 10 protocol ip u32 match u32 0 0 action mirred egress redirect dev v0'.split(
          ' ',
        ),
      )
      host.run('tc filter add dev in0 parent 1: prio 5 protocol all u32 match u32 0 0'.split(' '))
      expect(known(read().filters)).toEqual([
        { ifindex: ifindexOf('in0'), kind: 'u32', parent: '1:', priority: 5, protocol: 'all', actions: [] },
        {
          ifindex: ifindexOf('in0'),
          kind: 'u32',
          parent: 'egress',
          priority: 10,
          protocol: 'ip',
          actions: [{ kind: 'mirred', redirectTo: ifindexOf('v0') }],
        },
      ])
    })

    test('xfrm policies', () => {
      expect(read().xfrmPolicies).toEqual([])
      host.ip('xfrm policy add src 10.1.0.0/16 dst 10.2.0.0/24 dir out priority 7 action block')
      expect(known(read().xfrmPolicies)).toMatchObject([
        { src: '10.1.0.0/16', dst: '10.2.0.0/24', direction: 'out', action: 'block', priority: 7 },
      ])
      expect(read(host.path('/run/netns/a')).xfrmPolicies).toEqual([])
    })

    describe('eBPF programs', () => {
      const SCHED_CLS = 3
      const CGROUP_SKB = 8
      const XDP = 6

      test('on a link (tcx, xdp), with their names', () => {
        const tcx = loadProgram(SCHED_CLS, 'scope_tcx', 0)
        const xdp = loadProgram(XDP, 'scope_xdp', 2)
        const ifindex = ifindexOf('v0')
        const attached = within(hostPath(), () => {
          // EINVAL: a kernel before 6.6.
          const tcxWorks = attach(tcx, ifindex, 46) === 0
          const link = attachLink(xdp, ifindex, 37)
          return { tcxWorks, link }
        })
        try {
          const programs = known(read().programs)
          expect(attached.link).toBeGreaterThanOrEqual(0)
          expect(programs).toContainEqual({
            ifindex,
            attach: 'xdp',
            id: expect.any(Number),
            name: 'scope_xdp',
          })
          if (attached.tcxWorks) {
            expect(programs).toContainEqual({
              ifindex,
              attach: 'tcx/ingress',
              id: expect.any(Number),
              name: 'scope_tcx',
            })
          }
          expect(known(read(host.path('/run/netns/a')).programs)).toEqual([])
        } finally {
          for (const fd of [tcx, xdp, attached.link]) libc.close(fd)
        }
      })

      const mount = '/sys/fs/cgroup/unified'
      const cgroupRoot = existsSync(`${mount}/cgroup.procs`) ? mount : '/sys/fs/cgroup'
      test.runIf(existsSync(`${cgroupRoot}/cgroup.procs`))('on the cgroup of a process', () => {
        const folder = `${cgroupRoot}/vethscope-test-${process.pid}`
        mkdirSync(folder)
        const owner = processes.find(({ name }) => name.startsWith('python'))!
        const before = /^0::(.*)$/m.exec(readFileSync(`/proc/${owner.pid}/cgroup`, 'utf8'))?.[1] ?? '/'
        const program = loadProgram(CGROUP_SKB, 'scope_cgroup', 1)
        const fd = libc.open(folder, 0o2000000)
        try {
          writeFileSync(`${folder}/cgroup.procs`, String(owner.pid))
          expect(attach(program, fd, 1)).toBe(0)
          expect(queryPrograms(libc, fd, { type: 1, attach: 'cgroup_skb/egress' })).toHaveLength(1)
          expect(known(read().programs)).toContainEqual({
            ifindex: null,
            attach: 'cgroup_skb/egress',
            id: expect.any(Number),
            name: 'scope_cgroup',
          })
        } finally {
          libc.close(fd)
          libc.close(program)
          writeFileSync(`${cgroupRoot}${before}/cgroup.procs`, String(owner.pid))
          rmdirSync(folder)
        }
      })

      /** Two instructions: r0 = answer; exit. */
      function loadProgram(type: number, name: string, answer: number): number {
        const instructions = Buffer.from([0xb7, 0, 0, 0, answer, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0])
        const license = Buffer.from('GPL\0')
        const attr = Buffer.alloc(120)
        attr.writeUInt32LE(type, 0)
        attr.writeUInt32LE(2, 4)
        attr.writeBigUInt64LE(libc.addressOf(instructions), 8)
        attr.writeBigUInt64LE(libc.addressOf(license), 16)
        attr.write(name, 48, 15)
        const fd = libc.bpf(5, attr)
        if (fd < 0) throw new Error(`BPF_PROG_LOAD: ${libc.errno()}`)
        return fd
      }
      /** BPF_PROG_ATTACH: what to, program, attach type. */
      function attach(program: number, target: number, type: number): number {
        const attr = Buffer.alloc(32)
        attr.writeUInt32LE(target, 0)
        attr.writeUInt32LE(program, 4)
        attr.writeUInt32LE(type, 8)
        return libc.bpf(8, attr)
      }
      /** BPF_LINK_CREATE; the descriptor that comes back holds the program in place. */
      function attachLink(program: number, target: number, type: number): number {
        const attr = Buffer.alloc(64)
        attr.writeUInt32LE(program, 0)
        attr.writeUInt32LE(target, 4)
        attr.writeUInt32LE(type, 8)
        return libc.bpf(28, attr)
      }
    })

    test('looking loads nothing, leaves nothing open and pins nothing', () => {
      const modules = () =>
        existsSync('/proc/modules') ? readFileSync('/proc/modules', 'utf8').replaceAll(/ \d+ /g, ' ') : null
      host.ip('netns add b', 'link add vb type veth peer name eth0 netns b')
      const path = host.path('/run/netns/b')
      read(path)
      const before = { modules: modules(), fds: readdirSync('/proc/self/fd').length }
      for (let round = 0; round < 5; round++) read(path)
      expect({ modules: modules(), fds: readdirSync('/proc/self/fd').length }).toEqual(before)
      expect(readlinkSync('/proc/thread-self/ns/net')).toBe(readlinkSync(`/proc/${process.pid}/ns/net`))
      host.ip('netns del b')
      return expect.poll(() => host.try(['ip', 'link', 'show', 'vb']).code, { timeout: 10_000 }).not.toBe(0)
    })

    test('the DNS files of another mount namespace', async () => {
      host.run(['sh', '-c', 'echo "nameserver 192.0.2.99" > /run/other.conf'])
      const child = host.spawn([
        'unshare',
        '--mount',
        'sh',
        '-c',
        'mount -t tmpfs tmpfs /etc && ln -s /run/other.conf /etc/resolv.conf && echo ready && exec sleep 600',
      ])
      await once(child.stdout!, 'data')
      const sleeper = await waitForProcess('sleep')
      const pids = [host.pid, sleeper.pid]
      const dns = await readDns(pids.map(asProcess))
      expect(dns).toHaveLength(2)
      const other = dns.find((each) => each.path === `/proc/${sleeper.pid}/root`)
      expect(other).toMatchObject({
        resolvConf: 'nameserver 192.0.2.99\n',
        netns: [String(nsfs(hostPath()).ino)],
      })
      const first = dns.find((each) => each !== other)
      expect(first?.resolvConf).not.toEqual(other?.resolvConf)
    })

    /** A shell is still itself when it says that it is ready, and becomes the other program after that. */
    async function waitForProcess(name: string): Promise<SocketProcess> {
      const find = () => processesIn(hostPath()).find((each) => each.name === name)
      await expect.poll(find, { timeout: 5000 }).toBeDefined()
      return find()!
    }
    function ifindexOf(name: string): number {
      return JSON.parse(host.run(['ip', '-j', 'link', 'show', name]))[0].ifindex
    }
    function asProcess(pid: number): Process {
      const mnt = /\d+/.exec(readlinkSync(`/proc/${pid}/ns/mnt`))![0]
      return {
        pid,
        ppid: 1,
        startTime: pid,
        comm: 'x',
        uid: 0,
        cgroup: '/',
        netns: netnsId(nsfs(hostPath()).ino),
        namespaces: { mnt },
      }
    }
    /** What discovery would give: the processes of a namespace by pid, with their names. */
    function processesIn(path: string): readonly SocketProcess[] {
      const { ino } = nsfs(path)
      return readdirSync('/proc')
        .filter((entry) => /^\d+$/.test(entry))
        .flatMap((pid) => {
          try {
            if (statSync(`/proc/${pid}/ns/net`, { bigint: true }).ino !== ino) return []
            return [{ pid: Number(pid), name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim() }]
          } catch {
            return []
          }
        })
        .toSorted((a, b) => a.pid - b.pid)
    }
  },
)
