/** The one line that a result comes to. */
import type { ProbeResult, Verdict } from '../../model/probe-result.ts'
import { captureVerdict } from './capture-verdict.ts'
import { dnsVerdict } from './dns-verdict.ts'
import { httpVerdict } from './http-verdict.ts'
import { listenVerdict } from './listen-verdict.ts'
import { matrixVerdict } from './matrix-verdict.ts'
import { pingVerdict } from './ping-verdict.ts'
import { tcpVerdict } from './tcp-verdict.ts'
import { toolVerdict } from './tool-verdict.ts'
import { tracerouteVerdict } from './traceroute-verdict.ts'
import { udpVerdict } from './udp-verdict.ts'

export function verdictOf(result: ProbeResult): Verdict {
  switch (result.kind) {
    case 'ping':
      return pingVerdict(result)
    case 'tcp':
      return tcpVerdict(result)
    case 'udp':
      return udpVerdict(result)
    case 'listen':
      return listenVerdict(result)
    case 'dns':
      return dnsVerdict(result)
    case 'http':
      return httpVerdict(result)
    case 'traceroute':
      return tracerouteVerdict(result)
    case 'tool':
      return toolVerdict(result)
    case 'capture':
      return captureVerdict(result)
    case 'matrix':
      return matrixVerdict(result)
    default:
      return result satisfies never
  }
}
