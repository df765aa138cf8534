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
  { engine: 'docker', path: new RegExp(`/docker(?:-|/)${id}`) },
  // Not libpod-conmon-ID: that is the monitor.
  { engine: 'podman', path: new RegExp(`/libpod-${id}`) },
  { engine: 'cri', path: new RegExp(`[/:](?:cri-containerd|crio)[-:]${id}`) },
  { engine: 'cri', path: new RegExp(`/kubepods[^/]*/.*/${id}`) },
  { engine: 'containerd', path: new RegExp(`/nerdctl-${id}`) },
  { engine: 'lxc', path: /\/lxc\.payload[./]([^/]+)/ },
  { engine: 'lxc', path: /^\/lxc\/([^/]+)/ },
  { engine: 'nspawn', path: /\/systemd-nspawn@([^/]+)\.service/ },
]

/** Null: in none that leaves its id there. The innermost of several: engines run in containers too. */
export function containerOf(cgroup: string): Marked | null {
  let best: (Marked & { readonly at: number }) | null = null
  for (const { engine, path } of patterns) {
    const match = path.exec(cgroup)
    const id = match?.[1]
    if (match === null || id === undefined) continue
    if (best === null || match.index > best.at)
      best = { engine, id: unescapeUnit(id, engine), at: match.index }
  }
  return best === null ? null : { engine: best.engine, id: best.id }
}

/** systemd writes `-` of a name as `\x2d` (systemd-escape(1)). */
function unescapeUnit(text: string, engine: EngineName): string {
  if (engine !== 'nspawn') return text
  return text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}
