/** The name of a namespace, and who gave it, told from where its file is mounted. */
import type { NetnsName } from '../../model/netns.ts'

export type MountName = Pick<NetnsName, 'name' | 'source'>

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'

type Pattern = { readonly path: RegExp; readonly source: NetnsName['source'] }

/** Engines' own folders. They are recognised in every mount namespace: an engine may run in one of its own. */
const engines: readonly Pattern[] = [
  // libnetwork: <exec-root>/netns/ID; the default exec-root is /run/docker.
  { path: /\/docker\/netns\/([^/]+)$/, source: 'docker' },
  { path: /\/exec\/netns\/([^/]+)$/, source: 'docker' },
  // containers/common: $XDG_RUNTIME_DIR/netns/netns-UUID without root.
  { path: /^(?:\/var)?\/run\/user\/\d+\/(?:[^/]+\/)?netns\/([^/]+)$/, source: 'podman' },
  // containers/common, with root.
  { path: new RegExp(`^(?:/var)?/run/netns/(netns-${uuid})$`), source: 'podman' },
  // containerd's CRI plugin and the CNI library.
  { path: new RegExp(`^(?:/var)?/run/netns/(cni-${uuid})$`), source: 'cri' },
]

const named = /^(?:\/var)?\/run\/netns\/([^/]+)$/

/**
 * A name in another mount namespace's /run/netns is not one that `ip netns` knows here: it stays a mount, by
 * its path, so that two names that look alike are not mixed up.
 */
export function mountName(mountPoint: string, isOurs: boolean): MountName {
  for (const { path, source } of engines) {
    const name = path.exec(mountPoint)?.[1]
    if (name !== undefined) return { name, source }
  }
  const name = isOurs ? named.exec(mountPoint)?.[1] : undefined
  return name === undefined ? { name: mountPoint, source: 'mount' } : { name, source: 'named' }
}
