/** An engine takes a container off one of its networks. */
import { sanitise } from '../../lib/sanitise.ts'
import { planned, refusal, refused, type Planner } from '../planner.ts'
import { connectionAgain } from './connection-again.ts'
import { engineOf } from './engine-of.ts'
import { connectAgain, disconnectStep } from './engine-steps.ts'
import { containerNamed, networkNamed } from './named-in-engine.ts'
import { endpointOn, sharedWith } from './network-members.ts'

export const engineNetDisconnect: Planner<'engine-net-disconnect'> = (
  world,
  { container: text, network: name, force, ...which },
) => {
  const asked = engineOf(world, which)
  if (!asked.ok) return asked
  const { title } = asked.value
  const network = networkNamed(asked.value, name)
  const container = containerNamed(asked.value, text)
  if (!network.ok || !container.ok)
    return refused(...(network.ok ? [] : network.refusals), ...(container.ok ? [] : container.refusals))
  const [net, who] = [sanitise(network.value.name), sanitise(container.value.name)]
  if (network.value.driver === 'host' && container.value.mode === 'host')
    return refused(refusal(who, `${who} has the namespace of its host: that cannot be taken from it`))
  const shared = sharedWith(asked.value, container.value)
  if (shared !== null)
    return refused(
      refusal(who, `${who} shares the namespace of container ${sanitise(shared)}: take that one off instead`),
    )
  const endpoint = endpointOn(container.value, network.value)
  if (endpoint === null) {
    const on = container.value.endpoints.map((each) => sanitise(each.network)).join(', ')
    const where = on === '' ? 'it is on none' : `it is on ${on}`
    return refused(refusal(who, `${who} is not on network ${net} of ${title}: ${where}`))
  }
  const { connection, is, addressNotes, nameNotes } = connectionAgain(
    asked.value,
    network.value,
    container.value,
    endpoint,
  )
  return planned({
    title: `take ${who} off network ${net} of ${title}`,
    steps: [
      disconnectStep(asked.value, {
        network: network.value.name,
        container: container.value.name,
        force,
        back: [connectAgain(asked.value, container.value.name, connection)],
        is,
      }),
    ],
    notes: [...addressNotes, ...nameNotes],
  })
}
