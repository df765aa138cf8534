import { array, assert, nat, property, stringMatching, tuple, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import { encodeName, readName, sameName } from '../../../src/probe/dns/domain-name.ts'
import { answerTo } from '../../../src/probe/dns/exchange.ts'
import { encodeQuery, parseMessage } from '../../../src/probe/dns/message.ts'

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex')

test('a question has the bytes of RFC 1035, with the OPT record of RFC 6891', () => {
  expect(encodeQuery(0xabcd, { name: 'ab.c', type: 28 }, true)?.toString('hex')).toBe(
    ['abcd', '0100', '0001', '0000', '0000', '0001', '02', '6162', '01', '63', '00', '001c', '0001']
      .concat('00', '0029', '04d0', '00000000', '0000')
      .join(''),
  )
  expect(encodeQuery(1, { name: 'a', type: 1 }, false)?.toString('hex')).toBe(
    '00010100000100000000000001610000010001',
  )
})

test('names that cannot be are not asked for', () => {
  expect(['a..b', '.a', 'x'.repeat(64), `${'x'.repeat(63)}.`.repeat(4)].map(encodeName)).toEqual([
    null,
    null,
    null,
    null,
  ])
  expect(encodeName('a.b.')).toEqual(encodeName('a.b'))
  expect(encodeName('.')).toEqual(Buffer.from([0]))
  expect(encodeName('x'.repeat(63))).toHaveLength(65)
})

test('an answer as dnsmasq gave it: a compressed name, a chain, an address of each kind', () => {
  const message = parseMessage(
    hex(`1234 8180 0001 0003 0000 0001
      03777777 04746573 7400 0001 0001
      c00c 0005 0001 0000012c 0004 0161 c010
      c026 0001 0001 0000003c 0004 c000020a
      c026 001c 0001 0000003c 0010 20010db8000000000000000000000010
      00 0029 04d0 01000000 0000`),
  )
  expect(message).toMatchObject({ id: 0x1234, isAnswer: true, truncated: false, code: 16 })
  expect(message?.question).toEqual({ name: 'www.test', type: 1 })
  expect(message?.answers).toEqual([
    { name: 'www.test', type: 'CNAME', ttl: 300, value: 'a.test' },
    { name: 'a.test', type: 'A', ttl: 60, value: '192.0.2.10' },
    { name: 'a.test', type: 'AAAA', ttl: 60, value: '2001:db8::10' },
  ])
})

test('names as text: dots and controls inside a label are escaped, so that two names stay two', () => {
  const of = (label: string) => {
    const bytes = Buffer.from(label, 'latin1')
    return readName(Buffer.concat([Buffer.from([bytes.length]), bytes, Buffer.from([0])]), 0)?.name
  }
  expect([of('a.b'), of('a\\b'), of('\x1b[2J'), of('\xff '), of('_x-1')]).toEqual([
    'a\\.b',
    'a\\\\b',
    '\\027[2J',
    '\\255\\032',
    '_x-1',
  ])
  expect(readName(Buffer.from([0]), 0)).toEqual({ name: '.', next: 1 })
  expect(sameName('WWW.Test', 'www.tesT')).toBe(true)
})

test('pointers that lead into a circle, ahead of the end, or to a name that grows without end lead nowhere', () => {
  expect(readName(hex('c000'), 0)).toBeNull()
  expect(readName(hex('c002c000'), 0)).toBeNull()
  expect(readName(hex('0161c000'), 0)).toBeNull()
  expect(readName(hex('c0ff'), 0)).toBeNull()
  expect(readName(hex('c0'), 0)).toBeNull()
  expect(readName(hex('0561'), 0)).toBeNull()
  expect(readName(hex('4161'), 0)).toBeNull()
  // 127 labels are a name; each more than that is too long.
  const long = Buffer.concat([...Array.from({ length: 127 }, () => hex('0161')), hex('00')])
  expect(readName(long, 0)?.name).toHaveLength(253)
  expect(readName(Buffer.concat([hex('0161'), long]), 0)).toBeNull()
})

test('data that is not what its type has breaks the message; a truncated one keeps what was whole', () => {
  const head = (flags: string) => `0001 ${flags} 0001 0002 0000 0000 0161 00 0001 0001`
  const good = 'c00c 0001 0001 00000000 0004 c0000201'
  expect(parseMessage(hex(`${head('8180')} ${good} c00c 0001 0001 00000000 0003 c00002`))).toBeNull()
  expect(parseMessage(hex(`${head('8180')} ${good} c00c 0005 0001 00000000 0004 0161 0000`))).toBeNull()
  expect(parseMessage(hex(`${head('8180')} ${good} c00c 0001`))).toBeNull()
  expect(parseMessage(hex(`${head('8380')} ${good} c00c 0001`))).toMatchObject({
    truncated: true,
    answers: [{ value: '192.0.2.1' }],
  })
  expect(
    parseMessage(hex(`${head('8180')} ${good} c00c 0063 0001 00000000 0002 beef`))?.answers[1],
  ).toMatchObject({
    type: 'TYPE99',
    value: '\\# 2 beef',
  })
})

test('whatever arrives, reading it ends and throws nothing', () => {
  const query = encodeQuery(7, { name: 'www.test', type: 1 }, true) ?? Buffer.alloc(0)
  const answer = hex(
    '0007 8180 0001 0002 0000 0000 03777777 04746573 7400 0001 0001 c00c 0005 0001 0000012c 0004 0161 c010 c026 0001 0001 0000003c 0004 c000020a',
  )
  expect(answerTo(query, answer)?.answers).toHaveLength(2)
  assert(
    property(uint8Array({ maxLength: 600 }), (bytes) => {
      answerTo(query, Buffer.from(bytes))
    }),
    { numRuns: 2000 },
  )
  // Whole answers with some bytes changed come further.
  assert(
    property(
      array(tuple(nat(answer.length - 1), nat(255)), { maxLength: 6 }),
      nat(answer.length),
      (changes, length) => {
        const bytes = Buffer.from(answer)
        for (const [at, value] of changes) bytes.writeUInt8(value, at)
        const message = answerTo(query, bytes.subarray(0, length))
        for (const record of message?.answers ?? []) expect(record.name).toMatch(/^[\x21-\x7e]+$/)
      },
    ),
    { numRuns: 3000 },
  )
})

test('any name that can be asked for is read as it was written', () => {
  const label = stringMatching(/^[a-z0-9_-]{1,20}$/)
  assert(
    property(array(label, { minLength: 1, maxLength: 8 }), (labels) => {
      const name = labels.join('.')
      const bytes = encodeName(name)
      expect(bytes === null ? null : readName(bytes, 0)).toEqual({ name, next: name.length + 2 })
    }),
  )
})
