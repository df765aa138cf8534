/**
 * The options of a queueing discipline in words, for those that delay, drop or slow down packets; the attributes
 * are those of linux/pkt_sched.h. A kind that is not known here has no words, only its name.
 */
import {
  attributes,
  has,
  lengthOf,
  offsetOf,
  payload,
  u32,
  u64At,
  walk,
  type Attributes,
  type Bytes,
} from '../netlink/bytes.ts'
import { percentText, rateText, sizeText, timeText } from './tc-words.ts'

/** A tick of the packet scheduler (PSCHED_SHIFT 6): the unit of times that are not given in nanoseconds. */
const nanosecondsPerTick = 64

/** `start` to `end` is the payload of TCA_OPTIONS. */
export function qdiscOptions(kind: string, bytes: Bytes, start: number, end: number): string {
  if (start === 0) return ''
  if (kind === 'netem') return netemOptions(bytes, start, end)
  if (kind === 'tbf') return tbfOptions(bytes, start, end)
  if (kind === 'htb') return htbOptions(bytes, start, end)
  if (kind === 'pfifo' || kind === 'bfifo') return fifoOptions(kind, bytes, start, end)
  return ''
}

const netem = attributes(14)
const NETEM = {
  corr: 1,
  reorder: 3,
  corrupt: 4,
  loss: 5,
  rate: 6,
  ecn: 7,
  rate64: 8,
  latency64: 10,
  jitter64: 11,
}
const netemQopt = 24

/** struct tc_netem_qopt {latency, limit, loss, gap, duplicate, jitter}, then attributes. */
function netemOptions(bytes: Bytes, start: number, end: number): string {
  if (!fits(bytes, start, end, netemQopt)) return ''
  walk(bytes, start + netemQopt, end, netem)
  const word = (at: number) => bytes.view.getUint32(start + at, true)
  const [delayCorrelation, lossCorrelation, duplicateCorrelation] = threeWords(bytes, netem, NETEM.corr)
  const latency = nanosecondsIn(bytes, netem, NETEM.latency64) ?? word(0) * nanosecondsPerTick
  const jitter = nanosecondsIn(bytes, netem, NETEM.jitter64) ?? word(20) * nanosecondsPerTick
  const parts = [`limit ${word(4)}`]
  if (latency > 0 || jitter > 0) {
    parts.push(`delay ${timeText(latency)}`)
    if (jitter > 0) parts.push(timeText(jitter), ...share('', delayCorrelation))
  }
  if (word(8) > 0) parts.push(...share('loss ', word(8)), ...share('', lossCorrelation))
  else if (has(netem, NETEM.loss)) parts.push('loss model')
  if (word(16) > 0) parts.push(...share('duplicate ', word(16)), ...share('', duplicateCorrelation))
  parts.push(...pairOf('reorder', bytes, NETEM.reorder), ...pairOf('corrupt', bytes, NETEM.corrupt))
  const rate = payload(bytes, netem, NETEM.rate, 4)
  if (rate !== 0) {
    const wide = payload(bytes, netem, NETEM.rate64, 8)
    const value = wide === 0 ? bytes.view.getUint32(rate, true) : u64At(bytes, wide)
    if (value > 0) parts.push(`rate ${rateText(value)}`)
  }
  if ((u32(bytes, netem, NETEM.ecn) ?? 0) > 0) parts.push('ecn')
  if (word(12) > 0) parts.push(`gap ${word(12)}`)
  return parts.join(' ')
}

function share(name: string, value: number): readonly string[] {
  return value > 0 ? [`${name}${percentText(value)}`] : []
}

/** struct tc_netem_reorder and tc_netem_corrupt: probability, correlation. */
function pairOf(name: string, bytes: Bytes, type: number): readonly string[] {
  const at = payload(bytes, netem, type, 8)
  if (at === 0) return []
  const probability = bytes.view.getUint32(at, true)
  if (probability === 0) return []
  return [`${name} ${percentText(probability)}`, ...share('', bytes.view.getUint32(at + 4, true))]
}

function threeWords(bytes: Bytes, of: Attributes, type: number): readonly [number, number, number] {
  const at = payload(bytes, of, type, 12)
  if (at === 0) return [0, 0, 0]
  const { view } = bytes
  return [view.getUint32(at, true), view.getUint32(at + 4, true), view.getUint32(at + 8, true)]
}

/** 4.15 and later give times in nanoseconds too, signed. */
function nanosecondsIn(bytes: Bytes, of: Attributes, type: number): number | null {
  const at = payload(bytes, of, type, 8)
  return at === 0 ? null : Number(bytes.view.getBigInt64(at, true))
}

const tbf = attributes(7)
const TBF = { parms: 1, rate64: 4, prate64: 5 }

/** struct tc_tbf_qopt {rate, peakrate (each tc_ratespec, the rate at byte 8), limit, buffer, mtu}. */
function tbfOptions(bytes: Bytes, start: number, end: number): string {
  walk(bytes, start, end, tbf)
  const at = payload(bytes, tbf, TBF.parms, 36)
  if (at === 0) return ''
  const word = (offset: number) => bytes.view.getUint32(at + offset, true)
  const rate = wideRate(bytes, TBF.rate64) ?? word(8)
  const peak = wideRate(bytes, TBF.prate64) ?? word(20)
  const bufferNs = word(28) * nanosecondsPerTick
  const parts = [`rate ${rateText(rate)}`, `burst ${sizeText((rate * bufferNs) / 1e9)}`]
  if (peak > 0) parts.push(`peakrate ${rateText(peak)}`)
  // As tc: how long the last byte of a full queue waits.
  const latency = rate === 0 ? 0 : (word(24) / rate) * 1e9 - bufferNs
  parts.push(latency > 0 ? `lat ${timeText(latency)}` : `limit ${sizeText(word(24))}`)
  return parts.join(' ')
}

function wideRate(bytes: Bytes, type: number): number | null {
  const at = payload(bytes, tbf, type, 8)
  return at === 0 ? null : u64At(bytes, at)
}

const htb = attributes(2)
const TCA_HTB_INIT = 2

/** struct tc_htb_glob {version, rate2quantum, defcls, debug, direct_pkts}. The rates stand in its classes. */
function htbOptions(bytes: Bytes, start: number, end: number): string {
  walk(bytes, start, end, htb)
  const at = payload(bytes, htb, TCA_HTB_INIT, 20)
  if (at === 0) return ''
  const { view } = bytes
  return `default 0x${view.getUint32(at + 8, true).toString(16)} direct_packets_stat ${view.getUint32(at + 16, true)}`
}

/** struct tc_fifo_qopt {limit}: packets or bytes. */
function fifoOptions(kind: string, bytes: Bytes, start: number, end: number): string {
  if (!fits(bytes, start, end, 4)) return ''
  const limit = bytes.view.getUint32(start, true)
  return kind === 'pfifo' ? `limit ${limit}p` : `limit ${sizeText(limit)}`
}

function fits(bytes: Bytes, start: number, end: number, size: number): boolean {
  if (end - start >= size) return true
  bytes.broken = true
  return false
}

/** Offset and end of an attribute's payload, for `qdiscOptions`. */
export function spanOf(of: Attributes, type: number): readonly [number, number] {
  const at = offsetOf(of, type)
  return [at, at === 0 ? 0 : at + lengthOf(of, type)]
}
