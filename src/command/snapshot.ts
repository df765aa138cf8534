import { join } from 'node:path'
import { failed, succeeded } from '../lib/failure.ts'
import type { World } from '../model/world.ts'
import { command } from './command.ts'
import { gapsOf } from './gaps.ts'

export const snapshot = command({
  name: 'snapshot',
  summary: 'everything that can be read of this host, as a file for --from and --replay',
  description: [
    'The file is made anew, readable only by its owner; an existing one is never written over. It is compressed when its name ends in .gz. Without -o the name is made of the host and the time.',
    'It holds addresses, names of processes and the contents of resolv.conf and hosts: look it over before you give it away.',
  ],
  examples: ['vethscope snapshot -o host.json.gz', 'vethscope snapshot -o - | jq .netns[0]'],
  needs: 'world',
  arguments: {},
  options: {
    output: { type: 'text', value: 'FILE', short: 'o', summary: 'where to; - is standard output' },
  },
  run: async ({ source, signal, folder }, { output }) => {
    if (output === '') return failed({ kind: 'usage', what: '--output: the name of the file is empty' })
    const { refusalToWrite, writeSnapshot } = await import('../snapshot/write-snapshot.ts')
    // Said before the host is read, which may take seconds.
    const refusal = output === undefined || output === '-' ? null : await refusalToWrite(output)
    if (refusal !== null) return failed(refusal)
    const read = await source.readWorld({ details: true })
    if (!read.ok) return read
    const world = read.value
    const gaps = gapsOf(world)
    if (output === '-') return succeeded({ kind: 'world', data: world, answer: 'yes', gaps })
    const written = await writeSnapshot(world, output ?? join(folder, ownName(world)), { signal })
    if (!written.ok) return written
    return succeeded({
      kind: 'snapshot',
      data: { ...written.value, netns: world.netns.length, gaps: gaps.length },
      answer: 'yes',
      gaps,
    })
  },
})

/** `vethscope-vm01-20261121T140322Z.json.gz`; the host's name comes from outside, so only plain characters stay. */
function ownName(world: World): string {
  const host = world.hostName.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 64)
  const time = world.at.replace(/\.\d+/, '').replace(/[^0-9TZ]/g, '')
  return `vethscope-${host}-${time}.json.gz`
}
