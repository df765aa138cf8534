/** Where a program there looks a name up, and in which order: the `hosts:` line (nsswitch.conf(5)). */

export type NameOrder = {
  /** `before`: files are asked before servers; `after`: when these do not know it; `never`. */
  readonly files: 'before' | 'after' | 'never'
  readonly dns: boolean
  /** Sentences. */
  readonly remarks: readonly string[]
}

/** Sources that are asked by other means than DNS. */
const elsewhere: Readonly<Record<string, string>> = {
  resolve: 'systemd-resolved',
  mymachines: 'systemd-machined',
  mdns: 'multicast DNS',
  mdns4: 'multicast DNS',
  mdns6: 'multicast DNS',
  wins: 'WINS',
  nis: 'NIS',
  nisplus: 'NIS+',
  ldap: 'LDAP',
  sss: 'SSSD',
  winbind: 'winbind',
}

/** null: no such line, which means files, then dns. */
export function nameOrder(line: string | null): NameOrder {
  // What stands in brackets says when the next one is not asked.
  const sources = (line ?? 'files dns')
    .replace(/\[[^\]]*\]/g, ' ')
    .split(/\s+/)
    .filter(Boolean)
  const files = sources.indexOf('files')
  const dns = sources.indexOf('dns')
  const remarks: string[] = []
  for (const source of sources.slice(0, dns === -1 ? sources.length : dns)) {
    const what = elsewhere[source]
    if (what !== undefined) {
      remarks.push(`nsswitch.conf names ${source}: programs ask ${what} too, which this probe does not`)
    }
  }
  if (dns === -1) {
    remarks.push('nsswitch.conf names no dns for hosts: programs of the C library ask none of these servers')
  }
  return {
    files: files === -1 ? 'never' : dns === -1 || files < dns ? 'before' : 'after',
    dns: dns !== -1,
    remarks,
  }
}
