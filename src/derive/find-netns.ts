/** What finds a namespace: its names, ids and nsids, and the processes in it. */
import { isUnknown, listOf } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { Process } from '../model/process.ts'
import type { FindIndex } from './find-index.ts'
import type { Found } from '../model/found.ts'
import { processCount } from './process-count.ts'
import { netnsRef } from './netns-name.ts'
import type { Token } from './tokens.ts'

export function findNetns(index: FindIndex, token: Token): readonly Found[] {
  const { text } = token
  const inode = /^(?:net:\[|ino:|netns:)?(\d{9,})\]?$/.exec(text)
  const named = index.byNetnsName.get(text) ?? []
  const byId = index.world.netns.filter(
    (netns) => netns.id === (inode?.[1] ?? text) && !named.includes(netns),
  )
  return [
    ...[...named, ...byId].map((netns) => foundNetns(index, text, netns)),
    ...(named.length === 0 ? byPrefix(index, text) : []),
    ...nsids(index, token),
    ...processes(index, token),
  ]
}

function foundNetns(index: FindIndex, token: string, netns: Netns): Found {
  const links = isUnknown(netns.links)
    ? 'cannot be read'
    : `${netns.links.filter((link) => link.kind !== 'loopback').length} links`
  const count = processCount(index.world, netns)
  const processes = isUnknown(count) ? 'processes not known' : `${count} processes`
  const sources = [...new Set(netns.names.map((name) => name.source))].join(', ')
  return {
    token,
    what: 'netns',
    says: `netns ${index.names.get(netns.id) ?? netns.id} (${sources}), ${processes}, ${links}`,
    ref: { netns: netns.id },
    owner: netnsRef(index.names, netns.id),
  }
}

/** A container's id, cut off as tools print it. */
function byPrefix(index: FindIndex, text: string): readonly Found[] {
  if (!/^[0-9a-f]{4,64}$/.test(text)) return []
  return index.world.netns
    .filter((netns) =>
      netns.names.some((name) => /^[0-9a-f]{12,64}$/.test(name.name) && name.name.startsWith(text)),
    )
    .map((netns) => foundNetns(index, text, netns))
}

/** `nsid:5`, `nsid 5`, `link-netnsid 5`: a number that each namespace uses for another one. */
function nsids(index: FindIndex, token: Token): readonly Found[] {
  const own = /^(?:nsid|netnsid|link-netnsid):(\d+)$/.exec(token.text)?.[1]
  const text =
    own ?? (/^(nsid|netnsid|link-netnsid)$/.test(token.key) && /^\d+$/.test(token.text) ? token.text : null)
  if (text === null) return []
  return index.world.netns.flatMap((netns) =>
    listOf(netns.nsids)
      .filter((entry) => entry.nsid === Number(text))
      .map((entry): Found => {
        const other =
          entry.id === null ? 'a namespace that no file leads to' : (index.names.get(entry.id) ?? entry.id)
        const owner = netnsRef(index.names, netns.id)
        return {
          token: token.text,
          what: 'nsid',
          says: `nsid ${entry.nsid} of ${owner.name} means ${other}`,
          ref: { netns: entry.id ?? netns.id, nsid: entry.nsid },
          owner,
        }
      }),
  )
}

/** A bare number is a pid only where it is all that was asked: a line of a log is full of numbers. */
function processes(index: FindIndex, token: Token): readonly Found[] {
  const own = /^pid:(\d+)$/i.exec(token.text)?.[1] ?? /^[^[\]]+\[(\d+)\]$/.exec(token.text)?.[1]
  const bare =
    /^\d+$/.test(token.text) && (token.alone || /^pid:?$/i.test(token.key)) ? token.text : undefined
  const pid = own ?? bare
  const found = pid === undefined ? undefined : index.byPid.get(Number(pid))
  if (found !== undefined) return [foundProcess(index, token.text, found)]
  if (pid !== undefined) return heldBy(index, token.text, Number(pid))
  return (index.byComm.get(token.text) ?? []).map((process) => foundProcess(index, token.text, process))
}

function foundProcess(index: FindIndex, token: string, process: Process): Found {
  const id = isUnknown(process.netns) ? null : process.netns
  const more = isUnknown(process.netns) ? `, its netns is not known: ${process.netns.unknown}` : ''
  return {
    token,
    what: 'process',
    says: `process ${process.pid} (${process.comm}), uid ${process.uid}${more}`,
    ref: { netns: id, pid: process.pid },
    owner: id === null ? null : netnsRef(index.names, id),
  }
}

/** Where the processes themselves were not read, the namespaces' holders still tell. */
function heldBy(index: FindIndex, token: string, pid: number): readonly Found[] {
  return index.world.netns
    .filter((netns) => netns.holders.processes.includes(pid))
    .map((netns) => ({
      token,
      what: 'process',
      says: `process ${pid}`,
      ref: { netns: netns.id, pid },
      owner: netnsRef(index.names, netns.id),
    }))
}
