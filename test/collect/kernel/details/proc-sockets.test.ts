import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  parseSocketTable,
  procAddress,
  readSocketTable,
  socketTables,
} from '../../../../src/collect/kernel/details/proc-sockets.ts'
import { socketState } from '../../../../src/collect/kernel/details/socket-state.ts'
import { isUnknown } from '../../../../src/model/known.ts'

const [tcp, tcp6, udp] = socketTables
const nobody = () => null
const header =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     \n'

// Lines as 6.18 prints them on x86_64.
const tcpText =
  header +
  '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1000        0 51234 1 00000000ea241ee3 100 0 0 10 0                       \n' +
  '   1: 020011AC:0016 0A0011AC:C9A3 01 00000024:00000000 01:00000014 00000000     0        0 50001 4 0000000012345678 20 4 1 10 -1                      \n' +
  '   2: 020011AC:0016 0B0011AC:C9A4 06 00000000:00000000 03:00001722 00000000     0        0 0 3 0000000012345679                                      \n'
const tcp6Text =
  '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n' +
  '   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 777 1 0000000000000000 100 0 0 10 0\n' +
  '   1: B80D0120000000000000000001000000:0050 0000000000000000FFFF00000A0011AC:D431 08 00000000:00000001 00:00000000 00000000    33        0 778 1 0000000000000000 20 4 1 10 -1\n'
const udpText =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops             \n' +
  ' 4871: 00000000:0044 00000000:0000 07 00000000:00000400 00:00000000 00000000     0        0 8123456 2 0000000000000000 12         \n'

test('TCP sockets with addresses, queues and owner', () => {
  const owners = (inode: string) => (inode === '51234' ? { pid: 42, name: 'redis-server' } : null)
  expect(parseSocketTable(tcpText, tcp, owners)).toEqual([
    {
      family: 'inet',
      protocol: 'tcp',
      local: { address: '127.0.0.1', port: 8080 },
      remote: null,
      state: 'LISTEN',
      boundTo: null,
      v6only: null,
      uid: 1000,
      inode: '51234',
      recvQueue: 3,
      sendQueue: 0,
      process: { pid: 42, name: 'redis-server' },
    },
    expect.objectContaining({
      local: { address: '172.17.0.2', port: 22 },
      remote: { address: '172.17.0.10', port: 51619 },
      state: 'ESTAB',
      sendQueue: 0x24,
      process: null,
    }),
    expect.objectContaining({ state: 'TIME-WAIT', inode: '0' }),
  ])
})

test('IPv6, mapped and compressed', () => {
  expect(parseSocketTable(tcp6Text, tcp6, nobody)).toMatchObject([
    { family: 'inet6', local: { address: '::', port: 80 }, remote: null, state: 'LISTEN' },
    {
      local: { address: '2001:db8::1', port: 80 },
      remote: { address: '::ffff:172.17.0.10', port: 54321 },
      state: 'CLOSE-WAIT',
      uid: 33,
      recvQueue: 1,
    },
  ])
})

test('UDP with a wide slot number', () => {
  expect(parseSocketTable(udpText, udp, nobody)).toMatchObject([
    { protocol: 'udp', local: { address: '0.0.0.0', port: 68 }, state: 'UNCONN', recvQueue: 1024 },
  ])
})

test('only the header, or nothing at all, is an empty table', () => {
  expect(parseSocketTable(header, tcp, nobody)).toEqual([])
  expect(parseSocketTable('', tcp, nobody)).toEqual([])
})

test('one malformed line makes the table unknown, never shorter', () => {
  const broken = [
    '   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000\n',
    '   1: 0100007F 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1\n',
    '   1: 0100007G:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1\n',
    `${'x'.repeat(100_000)}\n`,
    '\x1b[2J\n',
    // An IPv6 line in the IPv4 table.
    tcp6Text.split('\n')[1] + '\n',
  ]
  for (const line of broken) {
    const found = parseSocketTable(tcpText + line, tcp, nobody)
    expect(found, line.slice(0, 80)).toEqual({ unknown: 'line 5 of /proc/net/tcp is malformed' })
  }
})

test('a table that is not there is empty, one that is refused is unknown', () => {
  expect(readSocketTable(() => ({ errno: 'ENOENT' }), tcp6, nobody)).toEqual([])
  expect(readSocketTable(() => ({ errno: 'EACCES' }), tcp6, nobody)).toEqual({
    unknown: '/proc/net/tcp6: permission denied (EACCES)',
  })
})

test('addresses do not depend on the machine’s byte order', () => {
  expect(procAddress('0100007F', 'LE')).toBe('127.0.0.1')
  expect(procAddress('7F000001', 'BE')).toBe('127.0.0.1')
  expect(procAddress('B80D0120000000000000000001000000', 'LE')).toBe('2001:db8::1')
  expect(procAddress('20010DB8000000000000000000000001', 'BE')).toBe('2001:db8::1')
})

test('states as ss prints them', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(socketState)).toEqual([
    'ESTAB',
    'SYN-SENT',
    'SYN-RECV',
    'FIN-WAIT-1',
    'FIN-WAIT-2',
    'TIME-WAIT',
    'UNCONN',
    'CLOSE-WAIT',
    'LAST-ACK',
    'LISTEN',
    'CLOSING',
  ])
  expect(socketState(99)).toBe('state 99')
})

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0')

test('what the kernel’s format string prints is read back', () => {
  const socket = fc.record({
    address: fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)),
    port: fc.nat(65535),
    state: fc.integer({ min: 1, max: 11 }),
    tx: fc.nat(0xffffffff),
    rx: fc.nat(0xffffffff),
    uid: fc.nat(0xffffffff),
    inode: fc.nat(),
  })
  fc.assert(
    fc.property(fc.array(socket, { maxLength: 20 }), (sockets) => {
      const lines = sockets.map(
        ({ address, port, state, tx, rx, uid, inode }, slot) =>
          `${String(slot).padStart(4)}: ${hex(Buffer.from(address).readUInt32LE(), 8)}:${hex(port, 4)} 00000000:0000 ` +
          `${hex(state, 2)} ${hex(tx, 8)}:${hex(rx, 8)} 00:00000000 00000000 ${String(uid).padStart(5)} ${'0'.padStart(8)} ` +
          `${inode} 1 0000000000000000 100 0 0 10 0\n`,
      )
      expect(parseSocketTable(header + lines.join(''), tcp, nobody)).toEqual(
        sockets.map(({ address, port, state, tx, rx, uid, inode }) =>
          expect.objectContaining({
            local: { address: address.join('.'), port },
            state: socketState(state),
            sendQueue: tx,
            recvQueue: rx,
            uid,
            inode: String(inode),
          }),
        ),
      )
    }),
    { numRuns: 200 },
  )
})

test('any text gives a list or a reason', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const found = parseSocketTable(text, tcp, nobody)
      expect(isUnknown(found) || Array.isArray(found)).toBe(true)
    }),
  )
})
