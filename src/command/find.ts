import { failed, succeeded } from '../lib/failure.ts'
import { command } from './command.ts'
import { gapsOf } from './gaps.ts'

export const find = command({
  name: 'find',
  summary: 'what a name, address, MAC, id or a line from a log is, whose, and what it is connected to',
  examples: [
    'vethscope find veth195490d',
    'vethscope find 172.17.0.2 02:42:ac:11:00:02',
    'dmesg | tail -1 | xargs -d "\\n" vethscope find',
  ],
  needs: 'world',
  arguments: {
    token: { value: 'TOKEN', summary: 'words, or a whole line', required: true, many: true },
  },
  options: {},
  run: async ({ source }, { token }) => {
    const text = token.join(' ').trim()
    if (text === '') return failed({ kind: 'usage', what: 'find: nothing to look for' })
    const read = await source.readWorld({ details: false, deep: true })
    if (!read.ok) return read
    const [{ find: search }, { parseIp }] = await Promise.all([
      import('../derive/find.ts'),
      import('../lib/ip.ts'),
    ])
    const found = search(read.value, text)
    // Who listens on `10.0.0.1:80` is told only by the sockets, which are dear: of the namespaces that have 10.0.0.1.
    const owners = found.flatMap(({ what, token: part, ref }) =>
      what === 'address' &&
      ref.netns !== null &&
      !part.includes('/') &&
      parseIp(part.split('%')[0] ?? '') === null
        ? [ref.netns]
        : [],
    )
    const whole = await source.withDetails(read.value, [...new Set(owners)])
    if (!whole.ok) return whole
    const world = whole.value
    const data = owners.length === 0 ? found : search(world, text)
    if (data.length === 0) {
      const gaps = gapsOf(world)
      return failed({
        kind: 'not-found',
        what: `nothing here is or holds "${text}"`,
        subject: text,
        hint:
          gaps.length === 0
            ? 'vethscope ls links lists what there is'
            : `it may be among what could not be read (${gaps.length}): ${gaps[0]?.reason ?? ''}`,
      })
    }
    return succeeded({ kind: 'found', data, answer: 'yes', gaps: gapsOf(world) })
  },
})
