/** What a probe came to, as text for people. */
import type { ProbeResult } from '../../model/probe-result.ts'
import type { Style } from '../style.ts'
import { captureText } from './capture-text.ts'
import { dnsText } from './dns-text.ts'
import { growthText } from './growth-text.ts'
import { httpText } from './http-text.ts'
import { listenText } from './listen-text.ts'
import { matrixText } from './matrix-text.ts'
import { pingText } from './ping-text.ts'
import { tcpText } from './tcp-text.ts'
import { toolText } from './tool-text.ts'
import { tracerouteText } from './traceroute-text.ts'
import { udpText } from './udp-text.ts'

/** With the counters that grew below it, where it failed. */
export function probeText(result: ProbeResult, style: Style): readonly string[] {
  return [...ownText(result, style), ...growthText(result, style)]
}

function ownText(result: ProbeResult, style: Style): readonly string[] {
  switch (result.kind) {
    case 'ping':
      return pingText(result, style)
    case 'tcp':
      return tcpText(result, style)
    case 'udp':
      return udpText(result, style)
    case 'listen':
      return listenText(result, style)
    case 'dns':
      return dnsText(result, style)
    case 'http':
      return httpText(result, style)
    case 'traceroute':
      return tracerouteText(result, style)
    case 'tool':
      return toolText(result, style)
    case 'capture':
      return captureText(result, style)
    case 'matrix':
      return matrixText(result, style)
    default:
      return result satisfies never
  }
}
