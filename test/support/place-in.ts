import { statSync } from 'node:fs'
import { netnsId } from '../../src/model/ids.ts'
import type { Place } from '../../src/model/probe.ts'
import type { TestHost } from './host.ts'

/** A namespace of the played host by name; null: the host itself. */
export function placeIn(host: TestHost, name: string | null): Place {
  const path = name === null ? `/proc/${host.pid}/ns/net` : host.path(`/run/netns/${name}`)
  const { dev, ino } = statSync(path)
  return { netns: { id: netnsId(ino), name: name ?? 'host' }, dev, paths: [path], sockets: [], user: null }
}
