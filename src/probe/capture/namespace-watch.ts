/**
 * A tcpdump inside a namespace keeps it from going away, and its links with it. So it is looked whether anything else
 * still leads there: a name, a process. Where nothing does, the capture lets go of it.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { codeOf } from '../../lib/failure.ts'
import type { CaptureLink } from '../../model/capture.ts'
import type { Place } from '../../model/probe.ts'
import type { Tap } from './tap.ts'

const everyMs = 500

/** Ends the capture on the links of a namespace that is gone. The answer ends the watch. */
export function watchNamespaces(links: readonly CaptureLink[], taps: readonly Tap[]): () => void {
  const places = new Map(links.map(({ place }) => [place.netns.id, place]))
  const ends = [...places.values()].map((place) =>
    watchNamespace(place, () => {
      for (const tap of taps) {
        if (tap.link.place.netns.id === place.netns.id) tap.stop('its namespace was removed')
      }
    }),
  )
  return () => {
    for (const end of ends) end()
  }
}

function watchNamespace(place: Place, onGone: () => void): () => void {
  let stopped = false
  let timer: NodeJS.Timeout | null = null
  const look = async (): Promise<void> => {
    if (!(await isHeld(place)) && !stopped) onGone()
    else if (!stopped) timer = setTimeout(() => void look(), everyMs)
  }
  timer = setTimeout(() => void look(), everyMs)
  return () => {
    stopped = true
    if (timer !== null) clearTimeout(timer)
  }
}

async function isHeld(place: Place): Promise<boolean> {
  // Led to by a socket or an open file only: who holds it is not told here.
  if (place.paths.length === 0) return true
  for (const path of place.paths) if (await leadsTo(path, place, true)) return true
  // None of the first few processes is left; another one may be.
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    if ((await leadsTo(`/proc/${pid}/ns/net`, place, false)) && !(await isOurs(Number(pid)))) return true
  }
  return false
}

/** `ifDenied`: what it is taken for where it may not be looked at. */
async function leadsTo(path: string, { dev, netns }: Place, ifDenied: boolean): Promise<boolean> {
  try {
    const there = await stat(path)
    return there.dev === dev && String(there.ino) === netns.id
  } catch (error) {
    return ['EACCES', 'EPERM'].includes(codeOf(error) ?? '') && ifDenied
  }
}

/** A child of this process, or of one of those: it is there because of the capture. */
async function isOurs(pid: number): Promise<boolean> {
  for (let at = pid; at > 1;) {
    if (at === process.pid) return true
    at = await parentOf(at)
  }
  return false
}

async function parentOf(pid: number): Promise<number> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1')
    // The name in brackets may hold anything, brackets too.
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0
  }
}
