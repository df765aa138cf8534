/** What /etc/hosts says (hosts(5)): an address, its name, and other names. */
import { normalIp, parseIp } from '../../lib/ip.ts'

export type HostsEntry = {
  readonly address: string
  readonly family: 4 | 6
  readonly names: readonly string[]
}

export function parseHosts(content: string | null): readonly HostsEntry[] {
  return (content ?? '').split('\n').flatMap((line): readonly HostsEntry[] => {
    const [text = '', ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/)
    const [plain = ''] = text.split('%')
    const ip = parseIp(plain)
    if (ip === null || names.length === 0) return []
    return [{ address: text, family: ip.family === 'inet' ? 4 : 6, names }]
  })
}

/** All that the name means, in the order of the file. */
export function addressesIn(hosts: readonly HostsEntry[], name: string): readonly HostsEntry[] {
  const wanted = plain(name)
  return hosts.filter(({ names }) => names.some((each) => plain(each) === wanted))
}

/** The names of an address. */
export function namesIn(hosts: readonly HostsEntry[], address: string): readonly string[] {
  const wanted = normalIp(address)
  return hosts.filter((each) => normalIp(each.address) === wanted).flatMap(({ names }) => names)
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}
