/** Settings of a single link below /proc/sys/net. */
import type { Step } from '../../model/plan.ts'
import type { Spot } from '../at.ts'

/**
 * Written into the file itself: sysctl(8) takes a dot in a link's name for the end of it. `undo`: none, because the
 * link goes with its settings.
 */
export function ipv6SettingStep(spot: Spot, link: string, name: string, value: string, title: string): Step {
  return {
    title,
    command: spot.inside(['tee', `/proc/sys/net/ipv6/conf/${link}/${name}`], { input: `${value}\n` }),
    undo: [],
    after: [{ kind: 'sysctl', at: spot.at, name: `ipv6.conf.${link}.${name}`, value }],
    before: [],
    touches: [{ path: [spot.at, `link:${link}`], how: 'use' }],
  }
}
