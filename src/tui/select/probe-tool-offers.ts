/** Programs of the host that people run inside a namespace, as far as they are installed. */
import { defaultGateways } from '../../derive/probe/sought-gateway.ts'
import { quoted } from '../../lib/quoted.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'

type ToolOffer = { readonly text: string; readonly says: string }

export function toolOffers(world: World, netns: Netns): readonly ToolOffer[] {
  const gateways = defaultGateways(netns)
  const [gateway] = isUnknown(gateways) ? [] : gateways
  const links = listOf(netns.links).filter(({ name }) => name !== 'lo')
  const all: readonly ToolOffer[] = [
    { text: 'ss -tulnp', says: 'who listens' },
    { text: 'ip addr', says: 'its addresses' },
    { text: 'ip route', says: 'its routes' },
    ...(gateway === undefined ? [] : [{ text: `ping -c 4 ${gateway.address}`, says: 'the gateway' }]),
    ...links.map(({ name }) => ({
      text: `tcpdump -n -c 20 -i ${quoted(name)}`,
      says: 'the next 20 packets',
    })),
  ]
  const missing = new Set(world.tool.tools.filter(({ path }) => path === null).map(({ name }) => name))
  return all.filter(({ text }) => !missing.has(text.split(' ')[0] ?? ''))
}
