/**
 * Everything in which looking at a host could show afterwards: what its namespaces hold, what its processes have
 * open, what is mounted. It is asked for by plain netlink dumps that name no link, because a dump of links makes the
 * kernel itself allot nsids, and those are among what is compared.
 */
import type { TestHost } from '../support/host.ts'

export type Traces = {
  readonly namespaces: Readonly<Record<string, NamespaceTraces>>
  /** Who runs, and how many files each has open. */
  readonly processes: Readonly<Record<string, number>>
  readonly mounts: readonly string[]
  readonly files: readonly string[]
  /** Kernel modules that reading tables or sockets can load; null where there are none at all. */
  readonly modules: readonly string[] | null
}

export type NamespaceTraces = {
  readonly sysctls: Readonly<Record<string, string>>
  /** Legacy tables, by family. */
  readonly legacyTables: Readonly<Record<string, string>>
  /** Messages as hexadecimal; the generation goes up with each change of anything in nftables. */
  readonly nft: { readonly generation: readonly string[]; readonly tables: readonly string[] }
  readonly addresses: readonly string[]
  readonly routes: readonly string[]
  readonly rules: readonly string[]
  readonly neighbours: readonly string[]
  readonly fdb: readonly string[]
  /** Packets sent and received, a link. */
  readonly packets: Readonly<Record<string, string>>
  /** The other namespaces that have a number here, sorted, and how many numbers there are. */
  readonly numbered: readonly string[]
  readonly numbers: number
}

const lookAround = `
import ctypes, json, os, socket, struct

def ask(protocol, kind, body, dump=True):
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
    s.setsockopt(socket.SOL_SOCKET, 33, 1 << 22)  # SO_RCVBUFFORCE
    s.send(struct.pack('=IHHII', 16 + len(body), kind, 0x301 if dump else 0x1, 1, 0) + body)
    out = []
    while True:
        data = s.recv(1 << 20)
        while data:
            length, answer, flags = struct.unpack_from('=IHH', data)
            payload = data[16:length]
            data = data[(length + 3) & ~3:]
            if answer == 3: return out
            if answer == 2:
                error = struct.unpack_from('=i', payload)[0]
                return out + ['error %d' % error] if error else out
            out.append(payload)
            if not flags & 2: return out

def attributes(payload, at):
    out = {}
    while at + 4 <= len(payload):
        length, kind = struct.unpack_from('=HH', payload, at)
        out[kind & 0x3fff] = payload[at + 4:at + length]
        at += (length + 3) & ~3
    return out

# What is left out of a message: times of use, and the state of a neighbour, which time alone changes.
def told(messages, head, without, blank=()):
    out = []
    for each in messages:
        if isinstance(each, str): out.append(each); continue
        start = bytearray(each[:head])
        for at in blank: start[at] = 0
        kept = {k: v.hex() for k, v in attributes(each, head).items() if k not in without}
        out.append(bytes(start).hex() + ' ' + json.dumps(kept, sort_keys=True))
    return sorted(out)

def text(path):
    try:
        with open(path, errors='replace') as f: return f.read()
    except OSError as error: return 'error %d' % error.errno

# Counted by the kernel, with or without anybody looking.
moving = ('nf_conntrack_count',)
def sysctls():
    out = {}
    for folder, _, files in os.walk('/proc/sys/net'):
        for name in files:
            path = os.path.join(folder, name)
            if name not in moving: out[path[len('/proc/sys/net/'):]] = text(path)
    return out

def packets():
    out = {}
    for line in text('/proc/self/net/dev').splitlines()[2:]:
        link, counters = line.split(':')
        fields = counters.split()
        out[link.strip()] = fields[1] + ' in, ' + fields[9] + ' out'
    return out

def numberOf(path):
    fd = os.open(path, os.O_RDONLY)
    try: answer = ask(0, 90, struct.pack('=B3xHHi', 0, 8, 3, fd), dump=False)[0]  # RTM_GETNSID, NETNSA_FD
    finally: os.close(fd)
    return -1 if isinstance(answer, str) else struct.unpack('=i', attributes(answer, 4)[1])[0]

def namespace(own):
    generation = ask(12, 0xa10, bytes(4), dump=False)
    return {
        'sysctls': sysctls(),
        'legacyTables': {family: text('/proc/self/net/' + family + '_tables_names') for family in ('ip', 'ip6', 'arp')},
        'nft': {
            'generation': [each if isinstance(each, str) else attributes(each, 4)[1].hex() for each in generation],
            'tables': told(ask(12, 0xa01, bytes(4)), 4, ()),
        },
        'addresses': told(ask(0, 22, bytes(8)), 8, (6,)),
        'routes': told(ask(0, 26, bytes(12)), 12, (12,)),
        'rules': told(ask(0, 34, bytes(12)), 12, ()),
        'neighbours': told(ask(0, 30, bytes(12)), 12, (3, 4), (8, 9)),
        'fdb': told(ask(0, 30, b'\\x07' + bytes(11)), 12, (3, 4), (8, 9)),
        'packets': packets(),
        'numbered': sorted(name for name, path in paths.items() if name != own and numberOf(path) >= 0),
        'numbers': len(ask(0, 90, bytes(4))),
    }

def processes():
    out = {}
    for pid in filter(str.isdigit, os.listdir('/proc')):
        if int(pid) == os.getpid(): continue
        try: out[pid + ' ' + text('/proc/' + pid + '/comm').strip()] = len(os.listdir('/proc/' + pid + '/fd'))
        except OSError: pass
    return out

libc = ctypes.CDLL(None, use_errno=True)
paths = {'host': '/proc/1/ns/net', **{name: '/run/netns/' + name for name in sorted(os.listdir('/run/netns'))}}
whole = {
    'processes': processes(),
    'mounts': [line.split(' ', 2)[2] for line in text('/proc/1/mountinfo').splitlines()],
    'files': sorted(os.path.join(folder, name) for root in ('/run', '/etc/netns') for folder, folders, names in os.walk(root) for name in names + folders),
    'modules': [line.split()[0] for line in text('/proc/modules').splitlines()] if os.path.exists('/proc/modules') else None,
    'namespaces': {},
}
for name, path in paths.items():
    fd = os.open(path, os.O_RDONLY)
    if libc.setns(fd, 0x40000000) != 0: raise OSError(ctypes.get_errno(), 'setns ' + name)
    os.close(fd)
    whole['namespaces'][name] = namespace(name)
print(json.dumps(whole))
`

/** Loaded by reading, if at all; other tests on this machine load others of their own. */
const telltale = /_diag$|tables$|^ip6?table_|^arptable_|^ebtable_|^ip_set|^ip_vs/

export function tracesOf(host: TestHost): Traces {
  const traces = JSON.parse(host.run(['python3', '-c', lookAround])) as Traces
  return { ...traces, modules: traces.modules?.filter((name) => telltale.test(name)).sort() ?? null }
}

/** The same, without what the kernel itself allots when somebody lists links. */
export function withoutNumbers(traces: Traces): unknown {
  return {
    ...traces,
    namespaces: Object.fromEntries(
      Object.entries(traces.namespaces).map(([name, each]) => [name, { ...each, numbered: [], numbers: 0 }]),
    ),
  }
}
