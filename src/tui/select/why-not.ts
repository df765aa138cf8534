/** What engines do not allow, said where the key is pressed. Sentences as values; true: it can be asked for. */
import { isNoNetwork, isOwn } from './engines-own.ts'
import type { Changed } from './change-target.ts'

const names = { lab: 'the lab', docker: 'Docker', podman: 'Podman' } as const

export function whyNotRemoved({ engine, network }: Changed): true | string {
  if (network === null || engine === 'lab' || !isOwn(network)) return true
  return `${network.name} is ${names[engine]}’s own network: ${names[engine]} makes it at its start, and it cannot be removed`
}

/** Also of being taken off it. */
export function whyNotConnected({ engine, network, node }: Changed): true | string {
  if (network === null || engine === 'lab' || !isNoNetwork(network)) return true
  const who = node === null ? 'a container' : node
  return `${who} cannot be put on or off ${network.name}: with ${names[engine]} that is decided when the container is made`
}

export function whyNotPublished({ engine, node }: Changed): true | string {
  if (engine === 'lab') return true
  const whom = node === null ? 'of a container' : `of ${node}`
  return `${names[engine]} publishes ports ${whom} only when it makes it (${engine} run -p); what is there cannot be published`
}
