/** How many packets a probe sent, as far as its result tells. */
import type { ProbeResult } from '../../model/probe-result.ts'

export type Sent = { readonly least: number; readonly most: number }

/** A SYN or a question that nobody answers is sent again: at most so often within the times that people wait. */
const repeats = 7

/** null: nothing tells. */
export function sentBy(result: ProbeResult): Sent | null {
  switch (result.kind) {
    case 'ping':
      return { least: result.transmitted, most: result.transmitted }
    case 'tcp':
    case 'udp':
      return upTo(result.ports.length)
    case 'dns':
      return upTo(Math.max(1, result.servers.length))
    case 'traceroute':
      return upTo(result.hops.reduce((sum, { answers }) => sum + answers.length, 0))
    case 'http':
      return upTo(1)
    case 'listen':
    case 'tool':
    case 'capture':
    case 'matrix':
      return null
    default:
      return result satisfies never
  }
}

function upTo(least: number): Sent | null {
  return least === 0 ? null : { least, most: least * repeats }
}
