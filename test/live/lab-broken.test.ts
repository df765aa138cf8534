/** A record of a lab that is none: whatever shows labs says so, and nothing is planned on it. */
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { playHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip'] })) {
  test('networks, containers and nodes are unknown, and no change is planned', async () => {
    const main = join(await buildVethscope(), 'main.js')
    const host = await playHost()
    onTestFinished(() => host.end())
    const folder = '/run/vethscope/$(stat -L -c %i /proc/self/ns/net)'
    host.run([
      'sh',
      '-c',
      `umask 077; mkdir -p ${folder}/lab; echo '{"name":"x"}' > ${folder}/lab/node-x.json`,
    ])
    const vethscope = (...args: readonly string[]) => {
      const { stdout, stderr } = host.try([process.execPath, main, ...args])
      return `${stdout}${stderr}`
    }
    const why = 'lab/node-x.json is no record of a lab'
    expect(vethscope('ls', 'networks')).toContain(why)
    expect(vethscope('ls', 'containers')).toContain(why)
    expect(vethscope('node', 'ls')).toContain(why)
    expect(vethscope('net', 'create', 'lab0', '--yes')).toContain(why)
  })
}
