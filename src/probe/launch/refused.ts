/** Why a process could not become a program inside a namespace, with the exit codes that docker exec has for it. */
import type { Failure } from '../../lib/failure.ts'
import type { Place } from '../../model/probe.ts'

export type Refused = {
  readonly failure: Failure
  /** 125 could not enter, 126 not executable, 127 not found. */
  readonly exitCode: 125 | 126 | 127
}

export function cannotEnter({ netns }: Place, why: string, errno: string): Refused {
  const isPermission = errno === 'EPERM' || errno === 'EACCES'
  return {
    exitCode: 125,
    failure: {
      kind: isPermission ? 'permission' : 'refused',
      what: `cannot enter netns "${netns.name}": ${why}`,
      subject: netns.name,
      ...(isPermission ? { hint: 'run as root or grant cap_sys_admin' } : {}),
    },
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied, or it is not an executable file',
  ENOEXEC: 'it is not a program of this machine',
  E2BIG: 'its arguments are too long',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of its path is no folder',
}

export function notStarted(program: string, errno: string): Refused {
  const isMissing = errno === 'ENOENT' || errno === 'ENOTDIR'
  const why = isMissing ? 'not found' : (reasons[errno] ?? errno)
  return {
    exitCode: isMissing ? 127 : 126,
    failure: {
      kind: isMissing ? 'not-found' : 'refused',
      what: `cannot run "${program}": ${why}`,
      subject: program,
      ...(isMissing ? { hint: 'programs of this host are run, not those of the container' } : {}),
    },
  }
}
