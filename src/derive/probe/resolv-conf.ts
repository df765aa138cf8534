/** What resolv.conf tells a program there (resolv.conf(5)), with the limits of the C library, and what is odd about it. */
import { parseIp } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'

export type NameServer = {
  /** As it is shown: with its link, and with its port where that is not 53. */
  readonly text: string
  readonly address: string
  readonly family: 4 | 6
  /** Of a link-local address: its link's name, or its index as text. */
  readonly link: string | null
  readonly port: number
}

export type ResolvConf = {
  readonly servers: readonly NameServer[]
  readonly search: readonly string[]
  readonly ndots: number
  readonly timeoutMs: number
  readonly attempts: number
  readonly rotate: boolean
  /** Sentences. */
  readonly remarks: readonly string[]
}

export const dnsPort = 53
/** MAXNS of resolv.h. */
const mostServers = 3
/** RES_MAXNDOTS, RES_MAXRETRANS and RES_MAXRETRY of the C library. */
const most = { ndots: 15, timeout: 30, attempts: 5 } as const

/**
 * null: there is no such file, or it could not be read, and `why` says so. Without a server a program asks its own host
 * (resolv.conf(5)).
 */
export function parseResolvConf(content: string | null, why: string | null = null): ResolvConf {
  const remarks: string[] = []
  const servers: NameServer[] = []
  const options = new Map<string, string>()
  let search: readonly string[] = []
  for (const line of (content ?? '').split('\n')) {
    if (/^[#;]/.test(line)) continue
    const [keyword, ...values] = line.trim().split(/\s+/)
    const [first] = values
    if (keyword === 'nameserver' && first !== undefined) {
      const server = nameServer(first)
      if (server === null)
        remarks.push(`nameserver "${sanitise(first)}" is no address: programs leave it out`)
      else servers.push(server)
    }
    // The last of them counts.
    if (keyword === 'domain' && first !== undefined) search = [first]
    if (keyword === 'search') search = values
    if (keyword === 'options') {
      for (const option of values) {
        const [name = '', value = ''] = option.split(':')
        options.set(name, value)
      }
    }
  }
  if (servers.length > mostServers) {
    const others = servers.splice(mostServers).map(({ text }) => text)
    remarks.push(`programs ask the first ${mostServers} nameservers only, not ${others.join(', ')}`)
  }
  if (servers.length === 0) {
    remarks.push(withoutServer(content, why))
    servers.push({ text: '127.0.0.1', address: '127.0.0.1', family: 4, link: null, port: dnsPort })
  }
  const number = (name: keyof typeof most, otherwise: number): number => {
    const text = options.get(name)
    return text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text), most[name]) : otherwise
  }
  return {
    servers,
    search: search.map(withoutEnd).filter((domain) => domain !== ''),
    ndots: number('ndots', 1),
    timeoutMs: Math.max(number('timeout', 5), 1) * 1000,
    attempts: Math.max(number('attempts', 2), 1),
    rotate: options.has('rotate'),
    remarks,
  }
}

function withoutServer(content: string | null, why: string | null): string {
  if (content === null && why !== null) {
    return `resolv.conf could not be read (${sanitise(why)}): 127.0.0.1 is asked, and programs there may ask another one`
  }
  const where = content === null ? 'there is no resolv.conf' : 'no nameserver in resolv.conf'
  return `${where}: programs ask 127.0.0.1`
}

/** `192.0.2.1`, `fe80::1%eth0`; with a port `192.0.2.1:5353`, `[2001:db8::1]:5353`. null: none of these. */
export function nameServer(text: string): NameServer | null {
  const [, bracketed, bracketPort] = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text) ?? []
  const [, dotted, dottedPort] = /^([\d.]+):(\d{1,5})$/.exec(text) ?? []
  const whole = bracketed ?? dotted ?? text
  const port = Number(bracketPort ?? dottedPort ?? dnsPort)
  const percent = whole.indexOf('%')
  const address = percent === -1 ? whole : whole.slice(0, percent)
  const link = percent === -1 ? null : whole.slice(percent + 1)
  const ip = parseIp(address)
  const isLink = link === null || /^[^\s/\0]{1,15}$/.test(link)
  if (ip === null || port === 0 || port > 65_535 || !isLink || (link !== null && ip.family === 'inet')) {
    return null
  }
  const shown = port === dnsPort ? whole : ip.family === 'inet' ? `${whole}:${port}` : `[${whole}]:${port}`
  return { text: shown, address, family: ip.family === 'inet' ? 4 : 6, link, port }
}

/**
 * The names that are asked for one after the other until one is known (res_search(3)): with at least `ndots` dots as it is
 * first, else the search list first; with a dot at its end as it is only.
 */
export function fullNames(name: string, { search, ndots }: ResolvConf): readonly string[] {
  if (name.endsWith('.')) return [withoutEnd(name)]
  const dots = name.split('.').length - 1
  const searched = search.map((domain) => `${name}.${domain}`)
  return [...new Set(dots >= ndots ? [name, ...searched] : [...searched, name])]
}

function withoutEnd(domain: string): string {
  return domain.endsWith('.') ? domain.slice(0, -1) : domain
}
