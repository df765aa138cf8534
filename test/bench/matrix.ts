/** Everybody to everybody: 500 members of one bridge, and 50 of whom half drop what comes. */
import { playHost, type TestHost } from '../support/host.ts'
import type { Row, Section } from './bench.ts'
import { median } from './figures.ts'

/** One process that listens on port 80 of every member, accepts and hangs up. */
const server = (members: number): string => `
import ctypes, os, select, socket
libc = ctypes.CDLL(None, use_errno=True)
ep = select.epoll(); by = {}
for i in range(${members}):
    fd = os.open(f"/run/netns/ns{i}", os.O_RDONLY)
    assert libc.setns(fd, 0x40000000) == 0
    os.close(fd)
    s = socket.socket(); s.bind(("0.0.0.0", 80)); s.listen(1000); s.setblocking(False)
    by[s.fileno()] = s; ep.register(s.fileno(), select.EPOLLIN)
print("listens", flush=True)
while True:
    for fd, _ in ep.poll():
        try:
            while True: by[fd].accept()[0].close()
        except OSError: pass
`

/** All on one bridge, which takes 1,023 ports; of the last `filtered` a rule drops what comes to port 80. */
export async function matrixHost(members: number, filtered = 0): Promise<TestHost> {
  const host = await playHost('matrix')
  const lines = ['link add br0 type bridge', 'addr add 10.0.0.1/16 dev br0', 'link set br0 up']
  for (let n = 0; n < members; n += 1) {
    lines.push(
      `netns add ns${n}`,
      `link add veth${n} type veth peer name eth0 netns ns${n}`,
      `link set veth${n} master br0 up`,
    )
  }
  for (let at = 0; at < lines.length; at += 300) host.ip(...lines.slice(at, at + 300))
  for (let n = 0; n < members; n += 1) {
    const address = `10.0.${Math.floor(n / 250) + 1}.${(n % 250) + 1}/16`
    host.run(['ip', '-n', `ns${n}`, '-batch', '-'], {
      input: `link set lo up\nlink set eth0 up\naddr add ${address} dev eth0\n`,
    })
    if (n < members - filtered) continue
    const rule = ['iptables', '-A', 'INPUT', '-i', 'eth0', '-p', 'tcp', '--dport', '80', '-j', 'DROP']
    host.run(['nsenter', `--net=/run/netns/ns${n}`, ...rule])
  }
  await host.start(['python3', '-c', server(members)])
  return host
}

type Result = {
  readonly seconds: number
  readonly mostSockets: number
  readonly cells: readonly (readonly (readonly (string | null)[])[])[]
}

export async function measureMatrix(
  host: TestHost,
  members: number,
  rounds: number,
  program: string,
): Promise<Section> {
  const rows: Row[] = []
  for (const [figure, options] of [
    [`${members} × ${members}, one port`, ['--no-ping', '--port', '80']],
    [`${members} × ${members}, ping`, []],
  ] as const) {
    const results: Result[] = []
    for (let round = 0; round < rounds; round += 1) {
      const ran = host.try([process.execPath, program, 'matrix', 'br0', ...options, '--json'])
      results.push(JSON.parse(ran.stdout) as Result)
    }
    const verdicts = new Map<string, number>()
    for (const row of results[0]?.cells ?? []) {
      for (const cell of row)
        for (const each of cell) verdicts.set(String(each), (verdicts.get(String(each)) ?? 0) + 1)
    }
    rows.push({
      figure,
      seconds: median(results.map(({ seconds }) => seconds)).toFixed(1),
      'sockets at once': Math.max(...results.map(({ mostSockets }) => mostSockets)),
      cells: [...verdicts].map(([verdict, count]) => `${count} ${verdict}`).join(', '),
    })
  }
  return { group: 'matrix', title: `Matrix of ${members} members`, rows }
}
