import { join } from 'node:path'
import { failed, succeeded } from '../lib/failure.ts'
import type { NetnsId } from '../model/ids.ts'
import type { World } from '../model/world.ts'
import { command } from './command.ts'
import { gapsOf } from './gaps.ts'

export const snapshot = command({
  name: 'snapshot',
  summary: 'everything that can be read of this host, as a file for --from and --replay',
  description: [
    'The file is made anew, readable only by its owner; an existing one is never written over. It is compressed when its name ends in .gz. Without -o the name is made of the host and the time.',
    'It holds addresses, names of processes and the contents of resolv.conf and hosts: look it over before you give it away, or have it redacted.',
    '--redact replaces public addresses, hardware addresses, identifiers, keys, and every name and word that somebody chose: the same one by the same one, in the whole file. Prefixes, pairs and what is private or public stay, so the file shows the same topology and gives the same answers. Private addresses, ports, numbers of processes and namespaces, and times are left as they are.',
  ],
  examples: ['vethscope snapshot -o host.json.gz', 'vethscope snapshot -o - | jq .netns[0]'],
  needs: 'world',
  arguments: {},
  options: {
    output: { type: 'text', value: 'FILE', short: 'o', summary: 'where to; - is standard output' },
    redact: { type: 'switch', summary: 'without public addresses, hardware addresses and names' },
  },
  run: async ({ source, signal, folder }, { output, redact }) => {
    if (output === '') return failed({ kind: 'usage', what: '--output: the name of the file is empty' })
    const [{ refusalToWrite }, { writeSnapshot }] = await Promise.all([
      import('../lib/new-file.ts'),
      import('../snapshot/write-snapshot.ts'),
    ])
    // Said before the host is read, which may take seconds.
    const refusal = output === undefined || output === '-' ? null : await refusalToWrite(output)
    if (refusal !== null) return failed(refusal)
    const read = await source.readWorld({ details: true })
    if (!read.ok) return read
    const followed = await source.withConntrack(read.value, trackingIn(read.value), mostConnections)
    if (!followed.ok) return followed
    const world = redact
      ? (await import('../snapshot/redact/redact-world.ts')).redactWorld(followed.value)
      : followed.value
    const gaps = gapsOf(world)
    if (output === '-') return succeeded({ kind: 'world', data: world, answer: 'yes', gaps })
    const written = await writeSnapshot(world, output ?? join(folder, ownName(world)), { signal })
    if (!written.ok) return written
    return succeeded({
      kind: 'snapshot',
      data: {
        ...written.value,
        netns: world.netns.length,
        gaps: gaps.length,
        redacted: world.redacted ?? null,
      },
      answer: 'yes',
      gaps,
    })
  },
})

/** Of each namespace; `count` tells how many there were. */
const mostConnections = 20_000

/** Those that can be entered; where nothing is tracked it costs nothing. */
function trackingIn(world: World): readonly NetnsId[] {
  return world.netns.filter(({ readable }) => readable === true).map(({ id }) => id)
}

/** `vethscope-vm01-20261121T140322Z.json.gz`; the host's name comes from outside, so only plain characters stay. */
function ownName(world: World): string {
  const host = world.hostName.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 64)
  const time = world.at.replace(/\.\d+/, '').replace(/[^0-9TZ]/g, '')
  return `vethscope-${host}-${time}.json.gz`
}
