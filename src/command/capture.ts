import { resolve } from 'node:path'
import { captureLinks, type CaptureScope } from '../derive/probe/capture-links.ts'
import { captureFilter, captureNames } from '../derive/probe/capture-names.ts'
import { indexOf } from '../derive/netns-index.ts'
import { failed, succeeded } from '../lib/failure.ts'
import { command } from './command.ts'
import { probeFrom } from './probe-flow.ts'

/** Of each packet, where only lines are told: headers, and the beginning of what they carry. */
const enoughForWords = 1024

export const capture = command({
  name: 'capture',
  summary: 'packets on the links of a namespace, or along the way out of it (tcpdump)',
  description: [
    'The first word is a link where the namespace has one of that name; all else is the filter, as pcap-filter(7) has it, and is checked before anything starts. After `host` stands an address, or the name of a namespace or a container. Without a link it listens on all that are up, except the loopback.',
    '--way listens on both ends of the pair, its bridge and the uplink at once, and tells at the end of each flow where it was last seen and where not, also where its addresses are translated on the way.',
    'It goes on until it is stopped, or until --count packets, --duration seconds or --bytes bytes; then it tells how many there were and how many the kernel dropped. With -w the file (pcapng, an interface for each link) gets everything, whatever the terminal keeps up with; -w - writes it to standard output, for a Wireshark elsewhere. With --json each packet is a line.',
    'It needs tcpdump on this host, not inside, and root.',
  ],
  examples: [
    'vethscope capture nginx1 tcp port 80',
    'vethscope capture nginx1 --way icmp --duration 10',
    'vethscope capture host docker0 -w /tmp/docker0.pcapng host redis123',
    'ssh root@vm01 vethscope capture nginx1 eth0 -w - | wireshark -k -i -',
  ],
  needs: 'world',
  arguments: {
    netns: { value: 'NETNS', summary: 'where it listens', required: true },
    words: {
      value: 'LINK-AND-FILTER',
      summary: 'a link, then a filter',
      required: false,
      many: true,
      names: 'links',
    },
  },
  options: {
    way: { type: 'switch', summary: 'along the way out: the pair, its bridge, the uplink' },
    count: {
      type: 'integer',
      short: 'c',
      value: 'N',
      min: 1,
      max: 1e12,
      summary: 'ends after so many packets',
    },
    duration: {
      type: 'seconds',
      value: 'S',
      min: 0.1,
      max: 1_000_000,
      summary: 'ends after so many seconds',
    },
    bytes: { type: 'integer', value: 'B', min: 1, max: 1e15, summary: 'ends after so many bytes of packets' },
    snap: {
      type: 'integer',
      short: 's',
      value: 'B',
      min: 0,
      max: 262_144,
      summary: `bytes kept of each packet; default: all with -w, else ${enoughForWords}; 0: all`,
    },
    write: {
      type: 'text',
      short: 'w',
      value: 'FILE',
      summary: 'a new pcapng file; - is standard output',
    },
  },
  run: async (deps, { netns: asked, words, way, count, duration, bytes, snap, write }) => {
    if (write === '') return failed({ kind: 'usage', what: '--write: the name of the file is empty' })
    return probeFrom(deps, asked, ({ world, netns, place }) => {
      const [first = '', ...rest] = words
      const link = indexOf(netns).byName.get(first) ?? null
      const scope: CaptureScope = way ? 'way' : link === null ? 'netns' : 'link'
      const links = captureLinks(world, netns.id, link?.ifindex ?? null, scope)
      if (!links.ok) return links
      return succeeded({
        kind: 'capture',
        place,
        links: links.value,
        filter: captureFilter(world, (link === null ? words : rest).join(' ')),
        count: count ?? null,
        durationMs: duration === undefined ? null : duration * 1000,
        maxBytes: bytes ?? null,
        snapLength: snap ?? (write === undefined ? enoughForWords : 0),
        file: write === undefined || write === '-' ? (write ?? null) : resolve(deps.folder, write),
        keepMs: 0,
        names: captureNames(world),
      })
    })
  },
})
