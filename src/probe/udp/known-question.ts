/**
 * What is sent to a port whose servers only answer a question of their own protocol, where no payload was given. Nothing
 * that changes anything, logs in, or makes a large answer.
 */

/** RFC 1035: id, recursion not desired, one question: the root's NS, class IN. Every server answers, be it with REFUSED. */
const dnsQuestion = Buffer.from([
  0x76, 0x73, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01,
])
/** RFC 5905: version 4, mode 3 (client); all else zero. */
const ntpQuestion = Buffer.concat([Buffer.from([0x23]), Buffer.alloc(47)])

const questions: Readonly<Record<number, Buffer>> = { 53: dnsQuestion, 123: ntpQuestion }

/** An empty datagram for all others. */
export function knownQuestion(port: number): Buffer {
  return questions[port] ?? Buffer.alloc(0)
}
