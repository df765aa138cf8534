/** A listener of the screen as a command of this program: one that there is. */
import { expect, test } from 'vitest'
import { parse } from '../../src/cli/parse.ts'
import { commands } from '../../src/command/table.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { ListenRequest } from '../../src/model/probe.ts'
import { vethscopeLine } from '../../src/tui/probes/host-command.ts'
import type { ProbeRun } from '../../src/tui/probes/probes-state.ts'

const netns = { id: netnsId(7), name: 'web' }
const request: ListenRequest = {
  kind: 'listen',
  place: { netns, dev: 0, paths: [], sockets: [], user: null },
  protocol: 'tcp',
  address: '0.0.0.0',
  port: 80,
  count: null,
  timeoutMs: null,
}

test.each<readonly [string, Partial<ListenRequest>, string]>([
  ['tcp', {}, 'vethscope tcp web --listen 0.0.0.0:80'],
  ['udp', { protocol: 'udp', count: 2 }, 'vethscope udp web --listen 0.0.0.0:80 --count 2'],
  ['a web server', { address: '::', answers: {} }, "vethscope http web --serve '[::]:80'"],
])('%s', (_, fields, line) => {
  const run = { what: 'listen 80', request: { ...request, ...fields }, from: netns } as unknown as ProbeRun
  expect(vethscopeLine(run)).toBe(line)
  const words = line.replaceAll("'", '').split(' ').slice(1)
  expect(parse(words, commands, '1.2.3')).toMatchObject({ ok: true, value: { type: 'run' } })
})
