/** Every shipped example, made and exported, asks for nothing more; of an overlay each of its hosts. */
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { examples } from '../../src/command/examples.ts'
import { playHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

const tools = ['ip', 'bridge', 'nft', 'sysctl', 'conntrack', 'flock', 'nsenter']

if (requires({ root: true, tools })) {
  let main = ''
  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
  })

  test.each(examples.map((example) => [example.name, example] as const))('%s', async (name, { parts }) => {
    const host = await playHost()
    onTestFinished(() => host.end())
    const vethscope = (...args: readonly string[]) => {
      const { code, stdout, stderr } = host.try([process.execPath, main, ...args])
      const said = code === 0 ? '' : stderr + stdout.slice(-2000)
      expect({ code, said }, args.join(' ')).toEqual({ code: 0, said: '' })
      return stdout
    }
    vethscope('example', name, '--yes')
    for (const where of new Set(parts.map((part) => part.host))) {
      const of = where === null ? [] : ['--host', where]
      const yaml = vethscope('net', 'export', ...of)
      expect(yaml).toMatch(where === null ? /^nodes:$/m : /^networks:\n {2}far:$/m)
      host.run(['tee', '/run/file.yaml'], { input: yaml })
      const said = vethscope('net', 'apply', '/run/file.yaml', ...of, '--yes', '--json')
      expect(JSON.parse(said)).toMatchObject({ id: null, steps: [], notes: ['all of it is there'] })
    }
  })
}
