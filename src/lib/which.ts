/**
 * Where a tool is. A user's PATH on Debian lacks the sbin folders, where `ip` and `iptables` are; relative
 * folders in PATH are left out, because root must not run what happens to lie in the present folder.
 */
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

const systemFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** The absolute folders of PATH, then the system's own where PATH does not name them. */
export function searchPath(path: string | undefined = process.env['PATH']): readonly string[] {
  const folders = (path ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  return [...new Set([...folders, ...systemFolders])]
}

/** The file that a command name leads to, or null. */
export function which(name: string, folders: readonly string[] = searchPath()): string | null {
  if (name === '' || name.includes('/')) return null
  for (const folder of folders) {
    const file = join(folder, name)
    if (isExecutable(file)) return file
  }
  return null
}

function isExecutable(file: string): boolean {
  // Mostly it is not there, and an exception costs ten times as much as the answer.
  if (!existsSync(file)) return false
  try {
    // For root X_OK is true of folders too.
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
