/** An engine that answers what a test wants, also nonsense or nothing, on a unix socket of its own. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createRawServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type FakeEngine = {
  readonly path: string
  /** What was asked, in order: `GET /version`. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

type Answer = (path: string, response: ServerResponse, request: IncomingMessage) => void

/** Speaks HTTP. */
export async function fakeEngine(answer: Answer): Promise<FakeEngine> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(request.url ?? '', response, request)
  })
  return listen(server, asked)
}

/** Speaks whatever the test says to each connection. */
export async function fakeServer(connected: (socket: Socket) => void): Promise<FakeEngine> {
  return listen(
    createRawServer((socket) => {
      socket.on('error', () => {})
      connected(socket)
    }),
    [],
  )
}

async function listen(server: Server, asked: readonly string[]): Promise<FakeEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'vethscope-engine-'))
  const path = join(folder, 'docker.sock')
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(path)
  await once(server, 'listening')
  return {
    path,
    asked,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      const closed = once(server, 'close')
      server.close()
      await closed
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}

export type FakeContainer = { readonly id: string; readonly name: string; readonly more?: object }

/** A Docker Engine with these containers, one network, and as healthy as can be. */
export function healthy(containers: readonly FakeContainer[]): Answer {
  const byId = new Map(containers.map((each) => [each.id, each]))
  const network = { Name: 'bridge', Id: 'b'.repeat(64), Driver: 'bridge', Scope: 'local', Options: {} }
  return (path, response) => {
    const [, id] = /^\/containers\/([0-9a-f]+)\/json$/.exec(path) ?? []
    const found = id === undefined ? undefined : byId.get(id)
    if (path === '/version') json(response, { Version: '20.10.24' })
    else if (path === '/info') json(response, { Warnings: null })
    else if (path.startsWith('/containers/json')) json(response, containers.map(listed))
    else if (found !== undefined) json(response, inspected(found))
    else if (path === '/networks') json(response, [network])
    else if (path.startsWith('/networks/')) json(response, { ...network, Containers: {} })
    else json(response, { message: 'page not found' }, 404)
  }
}

function listed({ id, name }: FakeContainer): object {
  return {
    Id: id,
    Names: [`/${name}`],
    Image: 'busybox',
    State: 'running',
    HostConfig: { NetworkMode: 'default' },
    NetworkSettings: { Networks: { bridge: { Aliases: null, IPAddress: '172.17.0.2', IPPrefixLen: 16 } } },
  }
}

function inspected({ id, name, more }: FakeContainer): object {
  return {
    Id: id,
    Name: `/${name}`,
    State: { Status: 'exited', Pid: 0, Error: '' },
    Config: { Image: 'busybox', Hostname: name, Labels: {} },
    HostConfig: { NetworkMode: 'default' },
    NetworkSettings: {
      Ports: {},
      SandboxKey: '',
      Networks: { bridge: { Aliases: [name], IPAddress: '172.17.0.2', IPPrefixLen: 16 } },
    },
    ...more,
  }
}
