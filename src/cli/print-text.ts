/** A Result as text for people: lines without their line ends, everything from outside sanitised. */
import type { Answered } from '../command/result.ts'
import type { SnapshotShape } from '../command/shapes.ts'
import type { ChangeResult } from '../model/change-result.ts'
import { aboutText } from './about-text.ts'
import { changeText, cleanupText } from './change-text.ts'
import { examplesText } from './examples-text.ts'
import { findingsText } from './findings-text.ts'
import { conntrackText } from './conntrack-text.ts'
import { containerListText, networkListText } from './container-list-text.ts'
import { dropsText } from './drops-text.ts'
import { foundText } from './found-text.ts'
import { confirmedText, journalText } from './journal-text.ts'
import { labNodesText } from './lab-text.ts'
import { networkText } from './network-text.ts'
import { linkListText, netnsListText } from './list-text.ts'
import { natText } from './nat-text.ts'
import { networkFileText } from './network-file-text.ts'
import { portsText } from './ports-text.ts'
import { probeText } from './probe/probe-text.ts'
import { routeAnswerText } from './route-text.ts'
import { showText } from './show-text.ts'
import type { Style } from './style.ts'
import { clean, counted } from './clean.ts'
import { themesText } from './themes-text.ts'
import { wrap } from './wrap.ts'

/** `host`: the namespace that was taken as the host; a command that is told to be typed next names it, too. */
export function printText(
  result: Exclude<Answered, { kind: 'world' }>,
  style: Style,
  host?: string,
): readonly string[] {
  switch (result.kind) {
    case 'show':
      return showText(result, style)
    case 'netns-list':
      return netnsListText(result.data, style)
    case 'link-list':
      return linkListText(result.data, style)
    case 'findings':
      return findingsText(result.data, style)
    case 'container-list':
      return containerListText(result.data, style)
    case 'network-list':
      return networkListText(result.data, style)
    case 'found':
      return foundText(result.data, style)
    case 'route':
      return routeAnswerText(result.data, style)
    case 'conntrack':
      return conntrackText(result, style)
    case 'drops':
      return dropsText(result.data, style)
    case 'nat':
      return natText(result, style)
    case 'ports':
      return portsText(result.data, style)
    case 'probe':
      return probeText(result.data, style)
    case 'change':
      if (result.script !== null) return [withoutLineEnd(result.script)]
      return isList(result.data)
        ? result.data.flatMap((each) => changeText(each, style, host))
        : changeText(result.data, style, host)
    case 'cleanup':
      return result.script === null ? cleanupText(result.data, style) : [withoutLineEnd(result.script)]
    case 'journal':
      return journalText(result.data, style, host)
    case 'confirmed':
      return confirmedText(result.data, style, host)
    case 'lab-network':
      return networkText(result.data, style)
    case 'lab-nodes':
      return labNodesText(result.data, style)
    case 'examples':
      return examplesText(result.data, style)
    case 'network-file':
      return networkFileText(result.data)
    case 'text':
      // Made here, for another program: as it is.
      return result.data.text === '' ? [] : [withoutLineEnd(result.data.text)]
    case 'themes':
      return themesText(result, style)
    case 'about':
      return aboutText(result.data, style)
    default:
      return snapshotText(result.data)
  }
}

function withoutLineEnd(text: string): string {
  return text.replace(/\n$/, '')
}

function isList(data: ChangeResult | readonly ChangeResult[]): data is readonly ChangeResult[] {
  return Array.isArray(data)
}

function snapshotText({ file, bytes, netns, gaps, redacted }: SnapshotShape): readonly string[] {
  const missing = gaps === 0 ? '' : `, ${counted(gaps, 'thing')} could not be read`
  const size = `${clean(file)}: ${counted(netns, 'namespace')}, ${Math.ceil(bytes / 1024)} KiB${missing}`
  if (redacted === null) return [size]
  const kinds = Object.entries(redacted).map(([kind, count]) => `${clean(kind)} ${count}`)
  return [size, ...wrap(`replaced: ${kinds.length === 0 ? 'nothing' : kinds.join(', ')}`)]
}
