/** The first sheet: who a namespace is, who keeps it, how it gets out, what is in it, what changed last. */
import { containerModeText } from '../../../derive/container-mode.ts'
import { containersIn } from '../../../derive/containers.ts'
import type { Netns } from '../../../model/netns.ts'
import type { World } from '../../../model/world.ts'
import type { Feed } from '../../feed.ts'
import type { Line } from '../../frame.ts'
import { clockTime } from '../../select/clock.ts'
import { namespaceCommand } from '../../select/namespace-command.ts'
import { fact, type Fact } from '../facts/fact.ts'
import { flowed } from '../facts/flow.ts'
import { spelledOut } from '../facts/name-facts.ts'
import { mainNetnsFacts, moreNetnsFacts } from '../facts/netns-facts.ts'
import { span } from '../text.ts'

const most = 6

export function overviewLines(
  feed: Feed,
  world: World,
  netns: Netns,
  name: string,
  columns: number,
  isList: boolean,
): readonly Line[] {
  const command = namespaceCommand(world, netns, 'overview')
  return flowed(
    [
      ...mainNetnsFacts(feed, world, netns),
      ...containers(world, netns),
      ...changes(feed, netns),
      ...(command === null ? [] : [{ ...fact('$', command, 'key'), alone: true }]),
      ...spelledOut(name),
      ...moreNetnsFacts(netns),
    ],
    columns,
    isList,
  )
}

function containers(world: World, netns: Netns): readonly Fact[] {
  const inside = containersIn(world, netns.id)
  const shown = inside.slice(0, most).map(({ container, engine }): Fact => ({
    label: 'container',
    spans: [
      span(container.name, 'container'),
      span(` ${engine.engine} ${containerModeText(container)} `),
      span(container.state, container.state === 'running' ? 'link.up' : 'link.down'),
      span(` ${container.image}`, 'dim'),
    ],
  }))
  return inside.length > most ? [...shown, fact('containers', `${inside.length} in all`)] : shown
}

/** The last two. */
function changes({ changes: all }: Feed, { id }: Netns): readonly Fact[] {
  return all
    .filter((change) => change.netns === id)
    .slice(-2)
    .toReversed()
    .map((change): Fact => ({
      label: 'changed',
      spans: [span(clockTime(Date.parse(change.at)), 'changed'), span(` ${change.subject} ${change.says}`)],
    }))
}
