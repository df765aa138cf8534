/** What a probe came to, beside the verdict's one line. */
import type { ProbeResult } from '../../../model/probe-result.ts'
import type { Line } from '../../frame.ts'
import { captureLines } from './capture-lines.ts'
import { dnsLines } from './dns-lines.ts'
import { grownLines } from './grown-lines.ts'
import { httpLines } from './http-lines.ts'
import { matrixLines } from './matrix-lines.ts'
import { listenLines, pingLines, portLines, toolLines, tracerouteLines } from './reach-lines.ts'

export function resultLines(result: ProbeResult, columns: number): readonly Line[] {
  if (result.kind === 'matrix') return matrixLines(result, columns)
  const grown = 'grown' in result ? grownLines(result.grown, columns) : []
  return [...ownLines(result, columns), ...grown]
}

function ownLines(
  result: Exclude<ProbeResult, { readonly kind: 'matrix' }>,
  columns: number,
): readonly Line[] {
  switch (result.kind) {
    case 'ping':
      return pingLines(result, columns)
    case 'tcp':
    case 'udp':
      return portLines(result, columns)
    case 'listen':
      return listenLines(result, columns)
    case 'dns':
      return dnsLines(result, columns)
    case 'http':
      return httpLines(result, columns)
    case 'traceroute':
      return tracerouteLines(result, columns)
    case 'tool':
      return toolLines(result, columns)
    case 'capture':
      return captureLines(result, columns)
    default:
      return result satisfies never
  }
}
