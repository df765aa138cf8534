/** Web servers that a test starts inside a namespace with Node and nothing else: well-behaved, odd and hostile ones. */
const source = String.raw`
const net = require('node:net'), http = require('node:http'), https = require('node:https'), fs = require('node:fs')
const [address, folder] = process.argv.slice(1)
const raw = (text) => (socket) => socket.end(Buffer.from(text, 'latin1'))
const plain = {
  '/ok': (q, a) => a.end('hello'),
  '/echo': (q, a) => a.end(JSON.stringify({ method: q.method, headers: q.headers, raw: q.rawHeaders })),
  '/404': (q, a) => { a.statusCode = 404; a.end('no such thing') },
  '/one': (q, a) => { a.writeHead(302, { location: '/two' }); a.end('moved') },
  '/two': (q, a) => { a.writeHead(301, { location: 'http://' + q.headers.host + '/echo' }); a.end() },
  '/away': (q, a) => { a.writeHead(307, { location: 'http://other.test:81/echo' }); a.end() },
  '/circle': (q, a) => { a.writeHead(302, { location: '/circle' }); a.end() },
  '/ftp': (q, a) => { a.writeHead(302, { location: 'ftp://elsewhere/x' }); a.end() },
  '/slow': (q, a) => { a.writeHead(200, { 'content-length': 100 }); a.write('begins') },
  '/late': () => {},
  '/big': (q, a) => { const part = Buffer.alloc(1 << 20); const go = () => { while (a.write(part)); a.once('drain', go) }; a.on('error', () => {}); go() },
  '/trickle': (q, a) => { const t = setInterval(() => a.write('more'), 20); a.on('close', () => clearInterval(t)); a.on('error', () => {}) },
  '/five': (q, a) => { a.writeHead(200, { 'content-length': 5 << 20 }); a.end(Buffer.alloc(5 << 20, 'x')) },
}
const web = (q, a) => (plain[q.url] ?? ((q, a) => { a.statusCode = 404; a.end() }))(q, a)
http.createServer(web).listen(80, address)
http.createServer(web).listen(81, address)
http.createServer(web).listen({ port: 80, host: '::', ipv6Only: true })
const odd = {
  '/hostile': raw('HTTP/1.1 200 \x1b[2JOK\r\nX-Evil: a\x1b]0;owned\x07b\x9b31m\r\nContent-Length: 2\r\n\r\nok'),
  '/garbage': raw('SSH-2.0-OpenSSH_9.2\x1b[2J\r\n\r\n'),
  '/nothing': (socket) => socket.end(),
  '/short': raw('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort'),
  '/chunk': raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel'),
  '/reset': (socket) => { socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'); setTimeout(() => socket.resetAndDestroy(), 100) },
  '/drip': (socket) => { socket.write('HTTP/1.1 200 OK\r\n'); let n = 0; const t = setInterval(() => socket.write('X-' + n++ + ': y\r\n'), 20); socket.on('close', () => clearInterval(t)) },
  '/flood': (socket) => { socket.write('HTTP/1.1 200 OK\r\n' + 'X-Many: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n'.repeat(4000)) },
  '/old': raw('HTTP/1.0 200 OK\r\n\r\nuntil the end'),
}
net.createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', (data) => (odd[/^\S+ (\S+)/.exec(data.toString('latin1'))?.[1]] ?? raw('?'))(socket))
}).listen(82, address)
const tls = (port, name) => https.createServer({ key: fs.readFileSync(folder + '/' + name + '.key'), cert: fs.readFileSync(folder + '/' + name + '.crt') }, web).listen(port, address)
tls(443, 'self'); tls(444, 'expired')
tls(445, 'good').on('listening', () => console.log('listens'))
`

/** Says `listens` once it does. `folder` has self.key and self.crt, expired and good. */
export function oddHttp(netns: string, address: string, folder: string): readonly string[] {
  return ['ip', 'netns', 'exec', netns, process.execPath, '-e', source, '--', address, folder]
}
