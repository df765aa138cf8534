/** Of Podman only the service behind its API keeps its command line: others of it hold secrets. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readProcess } from '../../../src/collect/discover/read-process.ts'
import { netnsId } from '../../../src/model/ids.ts'
import { fakeProc } from './fake-proc.ts'

function argsOf(comm: string, ...argv: readonly string[]): readonly string[] | undefined {
  const fake = fakeProc()
  const { proc } = fake
  fake.add({ pid: 7, comm, net: 100 })
  writeFileSync(join(proc, '7', 'cmdline'), `${argv.join('\0')}\0`)
  return readProcess(proc, 7, netnsId(100))?.process.args
}

test('where its containers are is kept, a command with a password is not', () => {
  const service = ['podman', '--root', '/srv/p', 'system', 'service', '--time=0']
  expect(argsOf('podman', ...service)).toEqual(service)
  expect(argsOf('podman', 'podman', 'run', '-e', 'PASSWORD=secret', 'web')).toBeUndefined()
  expect(argsOf('podman', 'podman', 'login', '-p', 'system', 'service.example')).toBeUndefined()
  expect(argsOf('bash', 'bash', 'system', 'service')).toBeUndefined()
})
