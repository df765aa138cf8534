/** Names, addresses and numbers as a user writes them, checked before anything is planned with them. */
import type { Failure } from '../lib/failure.ts'
import { formatIp, formatPrefix, parseIp, prefixOf, widthOf, type Family, type Ip } from '../lib/ip.ts'
import { sanitise } from '../lib/sanitise.ts'
import { misuse, planned, refused, type Planned } from './planner.ts'

/** IFNAMSIZ (linux/if.h) without the zero at the end. */
const longestLinkName = 15
/** NAME_MAX (linux/limits.h): it becomes a file below /run/netns. */
const longestFileName = 255

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f]/

/** What the kernel takes as a link's name (dev_valid_name in net/core/dev.c), and no tool mistakes for an option. */
export function checkLinkName(text: string): Failure | null {
  const shown = `"${sanitise(text)}" is no link name`
  if (text === '') return misuse(text, 'a link needs a name')
  const bytes = Buffer.byteLength(text)
  if (bytes > longestLinkName)
    return misuse(text, `${shown}: it has ${bytes} bytes, at most ${longestLinkName} are allowed`)
  if (text === '.' || text === '..') return misuse(text, `${shown}: . and .. stand for folders`)
  if (text.startsWith('-')) return misuse(text, `${shown}: it starts with -, as an option does`)
  if (/[/:]/.test(text)) return misuse(text, `${shown}: / and : are not allowed in it`)
  if (/\s/.test(text)) return misuse(text, `${shown}: blanks are not allowed in it`)
  if (control.test(text)) return misuse(text, `${shown}: control characters are not allowed in it`)
  // The kernel makes a number of %d (dev_alloc_name): the link would get another name than the one asked for.
  if (text.includes('%')) return misuse(text, `${shown}: % is not allowed in it`)
  // In a rule a quote ends the name, and * (nft) or + (iptables) at its end stands for all that begin so: none can be escaped.
  if (/["\\*+]/.test(text))
    return misuse(text, `${shown}: " \\ * and + are not allowed in it, rules would mean something else`)
  // Words that sysctl has in a link's place.
  if (text === 'all' || text === 'default')
    return misuse(text, `${shown}: net.ipv4.conf.${text} stands for something else`)
  return null
}

/** A name below /run/netns, which is also the name of a lab's node or network: plain characters only. */
export function checkNetnsName(text: string): Failure | null {
  return checkPlainName(text, 'netns')
}

/** `what`: netns, node, network … */
export function checkPlainName(text: string, what: string): Failure | null {
  const shown = `"${sanitise(text)}" is no ${what} name`
  if (text === '') return misuse(text, `a ${what} needs a name`)
  if (text.startsWith('-')) return misuse(text, `${shown}: it starts with -, as an option does`)
  if (text === '.' || text === '..') return misuse(text, `${shown}: . and .. stand for folders`)
  if (Buffer.byteLength(text) > longestFileName)
    return misuse(text, `${shown}: it has more than ${longestFileName} bytes`)
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(text))
    return misuse(text, `${shown}: only letters, digits, _ . and - are allowed in it`)
  return null
}

/** `10.0.0.1/24`: an address with the length of its network. */
export type Cidr = {
  readonly ip: Ip
  readonly length: number
  /** `10.0.0.1`. */
  readonly address: string
  /** `10.0.0.1/24`. */
  readonly text: string
  /** `10.0.0.0/24`. */
  readonly network: string
}

/** An address that a link can have. Without a length it is one address alone (/32, /128), as `ip address add` takes it. */
export function cidrOf(text: string): Planned<Cidr> {
  const shown = `"${sanitise(text)}" is no address`
  const [alone = '', digits, ...rest] = text.split('/')
  const ip = parseIp(alone)
  if (ip === null || rest.length > 0)
    return refused(misuse(text, shown, 'write it as 10.0.0.1/24 or fd00::1/64'))
  const width = widthOf(ip.family)
  if (digits !== undefined && !(/^\d{1,3}$/.test(digits) && Number(digits) <= width))
    return refused(misuse(text, `${shown}: its length must be 0 to ${width}`))
  const length = digits === undefined ? width : Number(digits)
  const address = formatIp(ip)
  const cidr = {
    ip,
    length,
    address,
    text: `${address}/${length}`,
    network: formatPrefix(prefixOf(ip, length)),
  }
  const wrong = unfit(cidr)
  return wrong === null
    ? planned(cidr)
    : refused(misuse(text, `${cidr.text} cannot be given to a link: ${wrong}`))
}

export function checkAddress(text: string): Failure | null {
  const cidr = cidrOf(text)
  return cidr.ok ? null : (cidr.refusals[0] ?? null)
}

/** Why no link can have it; null: one can. */
function unfit({ ip, length, address, network }: Cidr): string | null {
  const width = widthOf(ip.family)
  if (length === 0) return 'its length is 0, every address would be its neighbour'
  if (ip.value === 0n) return 'it means no address'
  if (ip.family === 'inet6') return ip.value >> 120n === 0xffn ? 'it is a multicast address' : null
  if (ip.value >> 28n === 0xen) return 'it is a multicast address'
  if (ip.value >> 28n === 0xfn) return 'it is reserved'
  // With 31 bits both addresses are hosts (RFC 3021).
  if (length >= width - 1) return null
  if (network === `${address}/${length}`) return `it is the network ${network} itself`
  const hosts = (1n << BigInt(width - length)) - 1n
  return (ip.value & hosts) === hosts ? `it is the broadcast address of ${network}` : null
}

/** A network: `10.0.0.0/24`, with no bits set behind its length. */
export function networkOf(text: string): Planned<{ readonly family: Family; readonly text: string }> {
  const shown = `"${sanitise(text)}" is no network`
  const [alone = '', digits, ...rest] = text.split('/')
  const ip = parseIp(alone)
  if (ip === null || digits === undefined || rest.length > 0 || !/^\d{1,3}$/.test(digits))
    return refused(misuse(text, shown, 'write it as 10.0.0.0/24 or fd00::/64'))
  const width = widthOf(ip.family)
  if (Number(digits) > width) return refused(misuse(text, `${shown}: its length must be 0 to ${width}`))
  const network = prefixOf(ip, Number(digits))
  if (network.value !== ip.value)
    return refused(
      misuse(text, `${shown}: it has bits behind its length; the network is ${formatPrefix(network)}`),
    )
  return planned({ family: ip.family, text: formatPrefix(network) })
}

/** One address without a length. */
export function checkIp(text: string): Failure | null {
  return parseIp(text) === null
    ? misuse(text, `"${sanitise(text)}" is no address`, 'write it as 10.0.0.1 or fd00::1')
    : null
}

/** Six bytes in hexadecimal; none that stands for a group (its first byte odd) and not zero: a link refuses both. */
export function checkMac(text: string): Failure | null {
  const shown = `"${sanitise(text)}" is no MAC address`
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text))
    return misuse(text, shown, 'write it as 02:00:00:00:00:01')
  if (Number.parseInt(text.slice(0, 2), 16) % 2 === 1)
    return misuse(text, `${shown} of a link: it stands for a group of them (its first byte is odd)`)
  return /^[0:]+$/.test(text) ? misuse(text, `${shown} of a link: it is zero`) : null
}

/** `min` and `max` as the kernel tells them of a link; 68 is the least that IPv4 needs (RFC 791), 1280 that of IPv6 (RFC 8200). */
export function checkMtu(mtu: number, min: number | null = 68, max: number | null = 65_535): Failure | null {
  const [least, most] = [min ?? 68, max === null || max === 0 ? 65_535 : max]
  if (!Number.isInteger(mtu)) return misuse(String(mtu), `${mtu} is no MTU: it must be a whole number`)
  return mtu < least || mtu > most
    ? misuse(String(mtu), `an MTU of ${mtu} is not possible: it must be ${least} to ${most}`)
    : null
}
