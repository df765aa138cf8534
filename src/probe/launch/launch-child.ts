/**
 * Without koffi this process cannot become another: the program is a child of it, entered by nsenter, whose end is this
 * process's end. The inode is compared before only.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { statSync } from 'node:fs'
import { constants } from 'node:os'
import { which } from '../../lib/which.ts'
import type { Place } from '../../model/probe.ts'
import { enterUserNamespace } from './inside-argv.ts'
import type { LaunchSpec } from './launch-spec.ts'
import { cannotEnter, notStarted, type Refused } from './refused.ts'
import { isAlive, isInside, remark, replaced } from './whereabouts.ts'

export async function launchChild(spec: LaunchSpec): Promise<Refused> {
  const { place, argv, files, entered } = spec
  const isHere = isInside(place)
  if (entered && !isHere) return replaced(place)
  const way = isHere ? { argv: [] } : wayInto(place, files)
  if ('exitCode' in way) return way
  if (files && place.files !== undefined && way.argv[0] !== 'ip' && !isHere) {
    remark(place, 'without koffi its own resolv.conf and hosts are not put in place')
  }
  const dying = which('setpriv') === null ? [] : ['setpriv', '--pdeathsig=KILL', '--']
  const [file = '', ...args] = [...dying, ...way.argv, ...argv]
  const child = spawn(file, args, { stdio: 'inherit' })
  // The terminal sends these to both; the child decides what comes of them.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, () => {})
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR2'] as const) process.on(signal, () => child.kill(signal))
  if (spec.parent !== null) endWith(spec.parent, child)
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(notStarted(file, (error as NodeJS.ErrnoException).code ?? 'EACCES')))
    child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGKILL']))
  })
}

const lookMs = 250

/** The kernel tells it to who has prctl(2): without koffi it has to be looked at. */
function endWith(parent: number, child: ChildProcess): void {
  setInterval(() => {
    if (process.ppid !== parent && !isAlive(parent)) child.kill('SIGKILL')
  }, lookMs).unref()
}

function wayInto(place: Place, files: boolean): { readonly argv: readonly string[] } | Refused {
  if (place.user !== null && process.geteuid?.() !== 0) return { argv: enterUserNamespace(place.user.pid) }
  const path = place.paths.find((each) => leadsTo(each, place))
  if (path === undefined) return cannotEnter(place, 'no file leads there any more', 'ENOENT')
  const own = place.files
  if (files && own !== undefined && 'folder' in own) {
    return { argv: ['ip', 'netns', 'exec', own.folder.slice(own.folder.lastIndexOf('/') + 1)] }
  }
  return { argv: ['nsenter', `--net=${path}`, '--'] }
}

function leadsTo(path: string, { netns, dev }: Place): boolean {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found?.ino === BigInt(netns.id) && Number(found.dev) === dev
}
