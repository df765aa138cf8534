/**
 * Which container a process is in, told by the path of its control group: every runtime puts the container's id there, in
 * its own spelling. Pure.
 */
import type { EngineName } from '../../model/engine.ts'

export type Marked = {
  readonly engine: EngineName
  /** The container's id; for LXC and systemd-nspawn its name. */
  readonly id: string
}

type Pattern = { readonly engine: EngineName; readonly path: RegExp }

const id = '([0-9a-f]{64})'

/** With systemd as the manager a scope (`docker-ID.scope`), else a folder (`docker/ID`). */
const patterns: readonly Pattern[] = [
  { engine: 'docker', path: new RegExp(`/docker(?:-|/)${id}`, 'g') },
  // Not libpod-conmon-ID: that is the monitor.
  { engine: 'podman', path: new RegExp(`/libpod-${id}`, 'g') },
  { engine: 'cri', path: new RegExp(`[/:](?:cri-containerd|crio)[-:]${id}`, 'g') },
  { engine: 'cri', path: new RegExp(`/kubepods[^/]*/(?:[^/]+/)*${id}`, 'g') },
  { engine: 'containerd', path: new RegExp(`/nerdctl-${id}`, 'g') },
  { engine: 'lxc', path: /\/lxc\.payload[./]([^/]+)/g },
  { engine: 'lxc', path: /^\/lxc\/([^/]+)/g },
  { engine: 'nspawn', path: /\/systemd-nspawn@([^/]+)\.service/g },
]

/** Null: in none that leaves its id there. The innermost of several: engines run in containers too. */
export function containerOf(cgroup: string): Marked | null {
  let best: Marked | null = null
  let bestEnd = 0
  for (const { engine, path } of patterns) {
    for (const match of cgroup.matchAll(path)) {
      const end = match.index + match[0].length
      if (match[1] === undefined || end <= bestEnd) continue
      best = { engine, id: unescapeUnit(match[1], engine) }
      bestEnd = end
    }
  }
  return best
}

/** systemd writes `-` of a name as `\x2d` (systemd-escape(1)). */
function unescapeUnit(text: string, engine: EngineName): string {
  if (engine !== 'nspawn') return text
  return text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}
