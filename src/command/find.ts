import { failed, succeeded } from '../lib/failure.ts'
import type { Found } from '../model/found.ts'
import { listOf } from '../model/known.ts'
import { command } from './command.ts'
import { gapsOf } from './gaps.ts'

/** A word that fits a thousand namespaces is a question about none of them. */
const mostWithSockets = 16

export const find = command({
  name: 'find',
  summary: 'what a name, address, MAC, id or a line from a log is, whose, and what it is connected to',
  examples: [
    'vethscope find veth195490d',
    'vethscope find 172.17.0.2 02:42:ac:11:00:02',
    'vethscope find nginx1 :8080',
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
    const [{ find: search }, { namespacesAbout }] = await Promise.all([
      import('../derive/find.ts'),
      import('../derive/find-ports.ts'),
    ])
    // Who publishes a port, logs a line or is meant by a comment stands in the rules of those whose bridges there are.
    const { engines, host } = read.value
    const hosts = [host, ...listOf(engines).flatMap(({ netns }) => netns ?? [])]
    const ruled = await source.withFirewall(read.value, [...new Set(hosts)])
    if (!ruled.ok) return ruled
    const found = search(ruled.value, text)
    // Who listens there is told only by the sockets, which are dear: of the namespaces that it turned out to be about.
    const about = namespacesAbout(ruled.value, found).slice(0, mostWithSockets)
    const whole = await source.withDetails(ruled.value, about)
    if (!whole.ok) return whole
    const world = whole.value
    const all = about.length === 0 ? found : search(world, text)
    // A program that asks for a name means that one.
    const data = all.filter(({ near }) => near !== true)
    if (data.length === 0) {
      const gaps = gapsOf(world)
      return failed({
        kind: 'not-found',
        what: `nothing here is or holds "${text}"`,
        subject: text,
        hint:
          all.length > 0
            ? likeText(all)
            : gaps.length === 0
              ? 'vethscope ls links lists what there is'
              : `it may be among what could not be read (${gaps.length}): ${gaps[0]?.reason ?? ''}`,
      })
    }
    return succeeded({ kind: 'found', data, answer: 'yes', gaps: gapsOf(world) })
  },
})

/** `names like it: netns web1, link veth-web1 in host` */
function likeText(near: readonly Found[]): string {
  const names = near.map(({ what, ref, owner }) => {
    const name = what === 'netns' ? (owner?.name ?? '') : (ref.name ?? '')
    return `${what} ${name}${what === 'link' && owner !== null ? ` in ${owner.name}` : ''}`
  })
  return `${names.length === 1 ? 'a name' : 'names'} like it: ${names.join(', ')}`
}
