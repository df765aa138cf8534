/** What a host went through while the screen was open, for tests of the log. */
import type { FromWorker } from '../../src/collect/protocol.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { Happening } from '../../src/model/log-entry.ts'
import { dockerHost } from './worlds.ts'
import { withNetns } from './changes.ts'
import { live, start, type Screen } from './screen.ts'

export function happening(fields: Partial<Happening> & Pick<Happening, 'text'>): Happening {
  const at = fields.at ?? start
  return {
    since: at,
    times: 1,
    kind: 'command',
    netns: null,
    container: null,
    outcome: null,
    ...fields,
    at,
  }
}

export const log = (...entries: readonly Happening[]): FromWorker => ({ type: 'log', entries })

export const saveRules = (at: number): Happening =>
  happening({
    at,
    text: 'nsenter --net=/run/netns/web -- /usr/sbin/iptables-nft-save -c',
    netns: netnsId(204),
    outcome: { ok: true, says: 'exit 0', ms: 12, stderr: null },
  })

/** A change, events, commands that end well and badly, on the Log screen. */
export function eventful(options: Parameters<typeof live>[1] = {}): Screen {
  const world = dockerHost()
  const it = live(world, options)
  it.now = start + 1000
  it.worker(
    log(
      saveRules(start + 1000),
      happening({
        at: start + 1000,
        text: '/usr/sbin/nft -j list ruleset',
        netns: netnsId(100),
        outcome: {
          ok: false,
          says: 'exit 1',
          ms: 4,
          stderr: 'netlink: Error: cache initialization failed: Operation not permitted\nrun as root',
        },
      }),
    ),
  )
  it.now = start + 2000
  it.worker(log(saveRules(start + 2000)))
  it.now = start + 3000
  it.worker(
    log(
      happening({ at: it.now, kind: 'kernel', netns: netnsId(100), text: '12 link events, 3 addresses' }),
      happening({ at: it.now, kind: 'engine', text: 'docker: start nginx1', container: 'c0ffee' }),
    ),
  )
  it.world(withNetns(world, 202, (netns) => ({ ...netns, routes: [] }), 4000))
  it.keys('7')
  return it
}
