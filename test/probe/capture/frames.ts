/** Packets of protocols, made of their fields, for tests of what is read from them. */

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex')
const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff])
export const addr = (text: string): Buffer => Buffer.from(text.split('.').map(Number))

export const macA = '02:00:00:00:00:0a'
export const macB = '02:00:00:00:00:0b'
const mac = (text: string): Buffer => hex(text.replaceAll(':', ''))

export function frame(type: number, payload: Buffer, { from = macA, to = macB } = {}): Buffer {
  return Buffer.concat([mac(to), mac(from), u16(type), payload])
}

export type Ipv4 = {
  readonly from?: string
  readonly to?: string
  readonly id?: number
  readonly ttl?: number
  /** Flags and offset as they stand there. */
  readonly fragment?: number
  readonly options?: Buffer
}

export function ipv4(protocol: number, payload: Buffer, given: Ipv4 = {}): Buffer {
  const {
    from = '10.0.0.1',
    to = '10.0.0.2',
    id = 7,
    ttl = 64,
    fragment = 0,
    options = Buffer.alloc(0),
  } = given
  const header = Buffer.alloc(20)
  header[0] = 0x45 + options.length / 4
  header.writeUInt16BE(20 + options.length + payload.length, 2)
  header.writeUInt16BE(id, 4)
  header.writeUInt16BE(fragment, 6)
  header[8] = ttl
  header[9] = protocol
  addr(from).copy(header, 12)
  addr(to).copy(header, 16)
  return Buffer.concat([header, options, payload])
}

export function ipv6(next: number, payload: Buffer, { from = '1', to = '2', hops = 64 } = {}): Buffer {
  const header = Buffer.alloc(40)
  header[0] = 0x60
  header.writeUInt16BE(payload.length, 4)
  header[6] = next
  header[7] = hops
  hex(`20010db8000000000000000000000000`).copy(header, 8)
  hex(`20010db8000000000000000000000000`).copy(header, 24)
  header[23] = Number(from)
  header[39] = Number(to)
  return Buffer.concat([header, payload])
}

export function echo(type: number, id: number, seq: number, payload = 'abcdefgh'): Buffer {
  return Buffer.concat([Buffer.from([type, 0, 0, 0]), u16(id), u16(seq), Buffer.from(payload)])
}

export function udp(from: number, to: number, payload: Buffer): Buffer {
  return Buffer.concat([u16(from), u16(to), u16(8 + payload.length), u16(0), payload])
}

export type Tcp = {
  readonly seq?: number
  readonly ack?: number
  readonly options?: Buffer
  readonly payload?: Buffer
}

/** Flags: FIN 1, SYN 2, RST 4, PSH 8, ACK 16. */
export function tcp(from: number, to: number, flags: number, given: Tcp = {}): Buffer {
  const { seq = 1000, ack = 0, options = Buffer.alloc(0), payload = Buffer.alloc(0) } = given
  const header = Buffer.alloc(20)
  header.writeUInt16BE(from, 0)
  header.writeUInt16BE(to, 2)
  header.writeUInt32BE(seq, 4)
  header.writeUInt32BE(ack, 8)
  header[12] = (5 + options.length / 4) << 4
  header[13] = flags
  header.writeUInt16BE(64_240, 14)
  return Buffer.concat([header, options, payload])
}

export function arp(operation: number, sender: string, target: string): Buffer {
  return Buffer.concat([
    hex('0001 0800 0604'),
    u16(operation),
    mac(macA),
    addr(sender),
    Buffer.alloc(6),
    addr(target),
  ])
}

export function dnsName(name: string): Buffer {
  return Buffer.concat([
    ...name.split('.').map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label, 'latin1')])),
    Buffer.of(0),
  ])
}

export function dnsQuestion(name: string, type: number, id = 4711): Buffer {
  return Buffer.concat([u16(id), hex('0100 0001 0000 0000 0000'), dnsName(name), u16(type), u16(1)])
}

/** Answers stand as name pointer, type, value. */
export function dnsAnswer(
  name: string,
  type: number,
  answers: readonly { readonly type: number; readonly data: Buffer }[],
  code = 0,
): Buffer {
  return Buffer.concat([
    u16(4711),
    u16(0x8180 | code),
    u16(1),
    u16(answers.length),
    u16(0),
    u16(0),
    dnsName(name),
    u16(type),
    u16(1),
    ...answers.flatMap(({ type: its, data }) => [
      hex('c00c'),
      u16(its),
      hex('0001 0000003c'),
      u16(data.length),
      data,
    ]),
  ])
}
