/**
 * A terminal that was closed under the program. Node puts the modes of standard input, output and error back when
 * it exits and aborts (core dump, 134 instead of the exit code) where tcsetattr says EIO, as it does on a closed
 * terminal: node.cc, ResetStdio. It leaves alone what has become another file, so /dev/null takes their place.
 */
import { closeSync, openSync } from 'node:fs'
import { isatty } from 'node:tty'

const standard = [0, 1, 2] as const

/** Call while the terminal lives; the result, called before exit, lets go of it if it no longer does. */
export function deadTerminalGuard(): () => void {
  const terminals = standard.filter((fd) => isatty(fd))
  return () => {
    for (const fd of terminals) {
      if (isatty(fd)) continue
      closeSync(fd)
      // The lowest free number, which is the one just closed.
      openSync('/dev/null', fd === 0 ? 'r' : 'w')
    }
  }
}
