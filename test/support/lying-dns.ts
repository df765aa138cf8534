/**
 * A name server that a test starts inside a namespace with Node and nothing else. What it does is in the name that is asked
 * for; with `all` it does that whatever is asked.
 */
const source = String.raw`
const dgram = require('node:dgram'), net = require('node:net')
const [addresses, all] = [process.argv[1].split(','), process.argv[2]]
const u16 = (n) => Buffer.from([n >> 8, n & 255])
const name = (text) => Buffer.concat([...text.split('.').filter(Boolean).flatMap((l) => { const b = Buffer.from(l, 'latin1'); return [Buffer.from([b.length]), b] }), Buffer.from([0])])
const record = (owner, type, data, ttl = 300) => Buffer.concat([Buffer.isBuffer(owner) ? owner : name(owner), u16(type), u16(1), u16(0), u16(ttl), u16(data.length), data])
const four = (text) => Buffer.from(text.split('.').map(Number))
const six = (last) => Buffer.concat([Buffer.from('20010db8', 'hex'), Buffer.alloc(11), Buffer.from([last])])
const ptr = Buffer.from([0xc0, 12])
const seen = new Map()
function asked(query) {
  let at = 12; const labels = []
  while (query[at] !== 0) { labels.push(query.toString('latin1', at + 1, at + 1 + query[at])); at += 1 + query[at] }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5, edns: query.readUInt16BE(10) > 0 }
}
function reply(query, { code = 0, answers = [], flags = 0, id = query.readUInt16BE(0), question } = {}) {
  const { end } = asked(query)
  return Buffer.concat([u16(id), u16(0x8180 | flags | code), u16(1), u16(answers.length), u16(0), u16(0), question ?? query.subarray(12, end), ...answers])
}
function replies(query, tcp) {
  const q = asked(query), a = q.type === 1, b = q.type === 28
  const address = (owner) => a ? [record(owner, 1, four('192.0.2.10'))] : b ? [record(owner, 28, six(16))] : []
  const count = (seen.get(q.name + q.type) ?? 0) + 1; seen.set(q.name + q.type, count)
  const what = all ?? (q.name.includes('nowhere') ? 'nowhere' : q.name.split('.')[0])
  switch (what) {
    case 'plain': return [reply(query, { answers: address(ptr) })]
    case 'v4only': return [reply(query, { answers: a ? address(ptr) : [] })]
    case 'alias': return [reply(query, { answers: [record(ptr, 5, name('second.test')), record('second.test', 5, name('third.test')), ...address('third.test')] })]
    case 'dangling': return [reply(query, { answers: [record(ptr, 5, name('nowhere.test'))] })]
    case 'servfail': return [reply(query, { code: 2 })]
    case 'refused': return [reply(query, { code: 5 })]
    case 'bare': return [Buffer.concat([query.subarray(0, 2), u16(0x8185), Buffer.alloc(8)])]
    case 'half': return [a ? reply(query, { answers: address(ptr) }) : reply(query, { code: 2 })]
    case 'silent': return []
    case 'drop': return count === 1 ? [] : [reply(query, { answers: address(ptr) })]
    case 'old': return [q.edns ? reply(query, { code: 1 }) : reply(query, { answers: address(ptr) })]
    case 'wrongid': return [reply(query, { id: query.readUInt16BE(0) ^ 1, answers: address(ptr) })]
    case 'wrongname': return [reply(query, { question: Buffer.concat([name('other.test'), u16(q.type), u16(1)]), answers: address(ptr) })]
    case 'late': return [Buffer.from('junk'), reply(query, { id: query.readUInt16BE(0) ^ 1 }), reply(query, { answers: address(ptr) })]
    case 'loop': return [reply(query, { answers: [record(Buffer.from([0xc0, q.end]), 1, four('192.0.2.66'))] })]
    case 'short': return [query.subarray(0, 5)]
    case 'cut': return [reply(query, { answers: address(ptr) }).subarray(0, q.end + 6)]
    case 'echo': return [query]
    case 'hostile': return [reply(query, { answers: [record(ptr, 5, name('\x1b]0;owned\x07 a\x9b.evil')), ...address('\x1b]0;owned\x07 a\x9b.evil')] })]
    case 'long': return [reply(query, tcp ? { answers: Array.from({ length: 300 }, (_, at) => record(ptr, 1, four('198.51.100.' + (at % 256)), at)) } : { flags: 0x200 })]
    case 'longdead': return tcp ? [] : [reply(query, { flags: 0x200 })]
    case '2': return [reply(query, { answers: [record(ptr, 12, name('host-two.test'))] })]
    default: return [reply(query, { code: 3 })]
  }
}
let left = addresses.length * 2
const ready = () => { if (--left === 0) console.log('listens') }
for (const text of addresses) {
  const type = text.includes(':') ? 'udp6' : 'udp4'
  const udp = dgram.createSocket({ type, ipv6Only: type === 'udp6' })
  udp.on('message', (query, from) => { for (const each of replies(query, false)) udp.send(each, from.port, from.address) })
  udp.bind(53, text, ready)
  net.createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (data) => {
      const out = replies(data.subarray(2), true)
      if (out.length === 0) return socket.destroy()
      // In two parts, of which the first is half a length.
      const whole = Buffer.concat(out.flatMap((each) => [u16(each.length), each]))
      socket.setNoDelay(true); socket.write(whole.subarray(0, 1)); setTimeout(() => socket.write(whole.subarray(1)), 5)
    })
  }).listen({ port: 53, host: text, ipv6Only: true }, ready)
}
`

/** Says `listens` once it does. Below one domain: `alias.test`, `servfail.test`, `long.test` … */
export function lyingDns(netns: string, addresses: readonly string[], all?: string): readonly string[] {
  const rest = all === undefined ? [] : [all]
  return ['ip', 'netns', 'exec', netns, process.execPath, '-e', source, '--', addresses.join(','), ...rest]
}
