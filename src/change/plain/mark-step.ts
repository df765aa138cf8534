/** A link that was just made gets its mark, and is set up in the same message. */
import type { Fact, LinkFacts, Step } from '../../model/plan.ts'
import type { NamedPlace } from './scene.ts'

/** A step of its own: the kernel ignores an alias in the message that makes a link (rtnl_create_link in net/core/rtnetlink.c). */
export function markStep({ spot, name }: NamedPlace, link: string, alias: string, up: boolean): Step {
  const fact = (is: LinkFacts): Fact => ({ kind: 'link', at: spot.at, name: link, there: true, is })
  return {
    title: up
      ? `mark ${link} in ${name} as made by vethscope, and set it up`
      : `mark ${link} in ${name} as made by vethscope`,
    command: spot.ip('link', 'set', 'dev', link, 'alias', alias, ...(up ? ['up'] : [])),
    undo: [spot.ip('link', 'set', 'dev', link, 'alias', '', ...(up ? ['down'] : []))],
    after: [fact({ alias, ...(up ? { up } : {}) })],
    before: [fact({ alias: null, ...(up ? { up: false } : {}) })],
    touches: [{ path: [spot.at, `link:${link}`], how: 'change', what: up ? 'up' : 'alias' }],
  }
}
