import type { IcmpError, PingResult } from '../../model/probe-result.ts'

/**
 * Larger packets than those that pass vanish without a word: neither the link nor anybody on the way said that they are
 * too big, so no program can find out (RFC 2923, 2.1).
 */
export function isMtuBlackHole({ mtu, errors }: Pick<PingResult, 'mtu' | 'errors'>): boolean {
  if (mtu === undefined || mtu.passes === null || mtu.stopped === true) return false
  const said = errors.filter(isTooBig)
  // An old router says that it is too big, and not what would fit.
  if (said.some((error) => error.mtu === undefined)) return false
  const limits = [...said.flatMap((error) => error.mtu ?? []), ...(mtu.linkMtu === null ? [] : [mtu.linkMtu])]
  return limits.length > 0 && mtu.passes < Math.min(...limits)
}

/** Somebody on the way answered so: ICMP 3/4, ICMPv6 2/0. */
export function isTooBig({ from, type, code }: IcmpError): boolean {
  return from !== null && ((type === 3 && code === 4) || (type === 2 && code === 0))
}
