/**
 * Children without sockets. Node's own "pipes" are sockets, made in the machine's network namespace: inside a played
 * host they would be found as sockets that hold another namespace.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** To its end; in and out are files. */
export function runWithFiles(file: string, args: readonly string[], input: string): Ran {
  return inFolder((folder) => {
    const [stdin, stdout, stderr] = [join(folder, 'stdin'), join(folder, 'stdout'), join(folder, 'stderr')]
    writeFileSync(stdin, input)
    const fds = [openSync(stdin, 'r'), openSync(stdout, 'w'), openSync(stderr, 'w')]
    const { status, error } = spawnSync(file, args, { stdio: fds })
    for (const fd of fds) closeSync(fd)
    if (error !== undefined) throw error
    return { code: status, stdout: readFileSync(stdout, 'utf8'), stderr: readFileSync(stderr, 'utf8') }
  })
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'vethscope-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export function spawnWithPipes(file: string, args: readonly string[]): ChildProcess {
  return inFolder((folder) => {
    const [stdin, stdout, stderr] = pipes(folder)
    const child = spawn(file, args, { stdio: [stdin.read, stdout.write, stderr.write] })
    for (const fd of [stdin.read, stdout.write, stderr.write]) closeSync(fd)
    const input = new Socket({ fd: stdin.write, readable: false, writable: true })
    // Whoever ended does not read any more.
    input.on('error', () => {})
    child.once('exit', () => input.destroy())
    return Object.assign(child, {
      stdin: input,
      stdout: new Socket({ fd: stdout.read, readable: true, writable: false }),
      stderr: new Socket({ fd: stderr.read, readable: true, writable: false }),
    })
  })
}

type Pipe = { readonly read: number; readonly write: number }

/** Each end is an open file of its own, so that what Node makes non-blocking stays blocking for the child. */
function pipes(folder: string): readonly [Pipe, Pipe, Pipe] {
  const files = ['stdin', 'stdout', 'stderr'].map((name) => join(folder, name))
  const made = spawnSync('mkfifo', files, { encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`mkfifo: ${made.stderr}`)
  const open = (path: string | undefined): Pipe => {
    if (path === undefined) throw new Error('no path')
    // Opening one end of a FIFO waits for the other; both at once does not (fifo(7)).
    const both = openSync(path, constants.O_RDWR)
    const ends = { read: openSync(path, constants.O_RDONLY), write: openSync(path, constants.O_WRONLY) }
    closeSync(both)
    return ends
  }
  return [open(files[0]), open(files[1]), open(files[2])]
}
