/** A program that was run, as an entry of the log: as somebody would type it, where it ran, and how it ended. */
import { basename } from 'node:path'
import type { RunReport } from '../lib/run.ts'
import { quoted } from '../lib/quoted.ts'
import type { NetnsId } from '../model/ids.ts'
import type { Happening } from '../model/log-entry.ts'

/** Those look at the namespace that they run in; others are asked about the whole host. */
const looksAround = /^(?:(?:ip6?|eb|arp)tables\b|nft$|ipset$|ipvsadm$|ip$|bridge$|tc$|ss$|conntrack$)/
const aboutItself = /^(?:-V|-v|--version|version)$/

const longestText = 4000
const longestComplaint = 2000

export function commandHappening(
  { command, exitCode, problem, stderr, ms }: RunReport,
  netnsAt: (path: string | null) => NetnsId | null,
  at: number,
): Happening {
  const { path, words } = withoutEntering(command)
  const [program = '', ...rest] = words
  const isInside =
    path !== null || (looksAround.test(basename(program)) && !rest.every((word) => aboutItself.test(word)))
  const complaint = stderr.trim().slice(0, longestComplaint)
  return {
    at,
    since: at,
    times: 1,
    kind: 'command',
    netns: isInside ? netnsAt(path) : null,
    container: null,
    text: command.map(quoted).join(' ').slice(0, longestText),
    outcome: {
      ok: problem === null && exitCode === 0,
      says: problem ?? `exit ${exitCode ?? '?'}`,
      ms,
      stderr: complaint === '' ? null : complaint,
    },
  }
}

/** `nsenter --net=PATH -- iptables-save`: the path, and what is run there. */
function withoutEntering(command: readonly string[]): {
  readonly path: string | null
  readonly words: readonly string[]
} {
  const [program = '', argument = '', dashes] = command
  const isEntering = basename(program) === 'nsenter' && argument.startsWith('--net=') && dashes === '--'
  return isEntering
    ? { path: argument.slice('--net='.length), words: command.slice(3) }
    : { path: null, words: command }
}
