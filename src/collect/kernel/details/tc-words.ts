/** Numbers of traffic control in the words of `tc` (iproute2 lib/utils_math.c and tc/tc_util.c). */

const TC_H_ROOT = 0xffffffff
const TC_H_INGRESS = 0xfffffff1
const TC_H_CLSACT_INGRESS = 0xfffffff2
const TC_H_CLSACT_EGRESS = 0xfffffff3

/** `8001:`, `1:10`, `root`; hexadecimal without 0x, as `tc` prints and takes it. */
export function handleText(handle: number): string {
  if (handle === TC_H_ROOT) return 'root'
  if (handle === 0) return 'none'
  const major = (handle >>> 16).toString(16)
  const minor = handle & 0xffff
  return minor === 0 ? `${major}:` : `${major}:${minor.toString(16)}`
}

/** Where a filter hangs. An ingress qdisc itself (ffff:) has nothing but an ingress side. */
export function filterParent(parent: number): string {
  if (parent === TC_H_CLSACT_INGRESS || parent === TC_H_INGRESS || parent === 0xffff0000) return 'ingress'
  if (parent === TC_H_CLSACT_EGRESS) return 'egress'
  return handleText(parent)
}

const protocols: Readonly<Record<number, string>> = {
  0x0003: 'all',
  0x0800: 'ip',
  0x0806: 'arp',
  0x86dd: 'ipv6',
  0x8100: '802.1Q',
  0x88a8: '802.1ad',
  0x8847: 'mpls_uc',
}

export function protocolText(protocol: number): string {
  return protocols[protocol] ?? `[${protocol}]`
}

/** Bytes a second → `1Mbit`; powers of 1000, and a smaller unit where the larger one would lose digits. */
export function rateText(bytesPerSecond: number): string {
  let rate = bytesPerSecond * 8
  let unit = 0
  const units = ['', 'K', 'M', 'G', 'T']
  while (unit < units.length - 1 && rate >= 1000 && (rate % 1000 === 0 || rate >= 1_000_000)) {
    rate /= 1000
    unit++
  }
  return `${rate.toFixed(0)}${units[unit] ?? ''}bit`
}

/** `1600b`, `4Kb`, `2Mb`: powers of 1024, rounded only where hardly anything is lost. */
export function sizeText(bytes: number): string {
  const mega = Math.round(bytes / 1048576)
  if (bytes >= 1048576 && Math.abs(mega * 1048576 - bytes) < 1024) return `${mega}Mb`
  const kilo = Math.round(bytes / 1024)
  if (bytes >= 1024 && Math.abs(kilo * 1024 - bytes) < 16) return `${kilo}Kb`
  return `${Math.round(bytes)}b`
}

/** Nanoseconds → `100ms`, `1.5s`, `20us`; three digits, as `tc` rounds. */
export function timeText(nanoseconds: number): string {
  const microseconds = nanoseconds / 1000
  if (microseconds >= 1_000_000) return `${short(microseconds / 1_000_000)}s`
  if (microseconds >= 1000) return `${short(microseconds / 1000)}ms`
  return `${Math.round(microseconds)}us`
}

/** A probability of 32 bits → `1%`, `0.1%`. */
export function percentText(share: number): string {
  return `${short((share / 0xffffffff) * 100)}%`
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)))
}
