import type { NetworkFileShape } from '../command/net-export.ts'
import { clean, counted } from './clean.ts'

/** The file itself as it is; of one that was written, what is in it and what is not. */
export function networkFileText(shape: NetworkFileShape): readonly string[] {
  const { file, text, bytes, networks, nodes, containers, links, left, unread } = shape
  // Made here, without a character that a terminal would obey.
  if (text !== null) return [text.replace(/\n$/, '')]
  const parts = [
    counted(networks, 'network'),
    counted(nodes, 'node'),
    ...(containers === 0 ? [] : [counted(containers, 'container')]),
    ...(links === 0 ? [] : [counted(links, 'veth pair')]),
  ]
  return [
    `${clean(file ?? '')}: ${parts.join(', ')} (${bytes} bytes)`,
    ...left.map((each) => `not in it: ${clean(each)}`),
    ...unread.map((each) => `could not be read: ${clean(each)}`),
  ]
}
