/** Where pasta and passt lead a port that they listen on, as their arguments tell (passt(1), `-t` and `-u`). Pure. */

type Protocol = 'tcp' | 'udp'

const flags: ReadonlyMap<string, Protocol> = new Map([
  ['-t', 'tcp'],
  ['--tcp-ports', 'tcp'],
  ['-u', 'udp'],
  ['--udp-ports', 'udp'],
])

/** The port at the other end; the same one where nothing else is said (`auto`, `all`, a list without targets). */
export function passtTarget(args: readonly string[], protocol: string, hostPort: number): number {
  for (const [at, arg] of args.entries()) {
    const [flag, value] = flagIn(arg)
    const spec = flags.get(flag) === protocol ? (value ?? args[at + 1]) : undefined
    if (spec === undefined) continue
    for (const part of spec.slice(spec.lastIndexOf('/') + 1).split(',')) {
      const target = targetIn(part, hostPort)
      if (target !== null) return target
    }
  }
  return hostPort
}

/** `80`, `8080:80`, `22-80:32-90`; what begins with `~` is left out, so nothing listens there. */
function targetIn(part: string, hostPort: number): number | null {
  const [, from, to = from, mapped = from] =
    /^(\d{1,5})(?:-(\d{1,5}))?(?::(\d{1,5})(?:-\d{1,5})?)?$/.exec(part) ?? []
  const offset = hostPort - Number(from)
  return offset >= 0 && hostPort <= Number(to) ? Number(mapped) + offset : null
}

/** `--tcp-ports=80`, `-t80`; null: the value is the next argument. */
function flagIn(arg: string): readonly [string, string | null] {
  if (!arg.startsWith('--')) return [arg.slice(0, 2), arg.slice(2) || null]
  const at = arg.indexOf('=')
  return at < 0 ? [arg, null] : [arg.slice(0, at), arg.slice(at + 1)]
}
