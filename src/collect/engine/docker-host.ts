/**
 * Where Docker's own client would go: DOCKER_HOST, else the context that DOCKER_CONTEXT or the client's settings name.
 * Only unix sockets are asked afterwards: an engine behind tcp:// or ssh:// has its containers on another host, and even
 * on a loopback address it may be a tunnel's other end.
 */
import { constants, openSync, readSync, closeSync, fstatSync } from 'node:fs'
import { join } from 'node:path'
import { fieldsOf, textIn } from './answer.ts'

export type DockerHost = {
  /** `unix:///run/user/1000/docker.sock`, `tcp://…`; null: nothing is set. */
  readonly host: string | null
  /** Who says so. */
  readonly from: string
}

export async function dockerHost(env: NodeJS.ProcessEnv): Promise<DockerHost> {
  const host = env['DOCKER_HOST']
  if (host !== undefined && host !== '') return { host, from: 'DOCKER_HOST' }
  const home = env['HOME']
  const folder = env['DOCKER_CONFIG'] || (home === undefined ? '' : join(home, '.docker'))
  if (!folder.startsWith('/')) return { host: null, from: '' }
  const settings = fieldsOf(jsonFile(join(folder, 'config.json')))
  const name = env['DOCKER_CONTEXT'] || textIn(settings['currentContext'])
  if (name === '' || name === 'default') return { host: null, from: '' }
  // Loaded where a context is named: it takes a command some milliseconds.
  const { createHash } = await import('node:crypto')
  const id = createHash('sha256').update(name).digest('hex')
  const context = fieldsOf(jsonFile(join(folder, 'contexts/meta', id, 'meta.json')))
  const docker = fieldsOf(fieldsOf(context['Endpoints'])['docker'])
  return { host: textIn(docker['Host']) || null, from: `the docker context ${name}` }
}

const maxBytes = 256 * 1024

/** Undefined where it is not there, is no regular file, or is not JSON. */
function jsonFile(path: string): unknown {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
    try {
      if (!fstatSync(fd).isFile()) return undefined
      const buffer = Buffer.alloc(maxBytes)
      return JSON.parse(buffer.toString('utf8', 0, readSync(fd, buffer, 0, maxBytes, 0)))
    } finally {
      closeSync(fd)
    }
  } catch {
    return undefined
  }
}
