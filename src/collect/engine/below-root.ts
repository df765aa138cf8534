/**
 * A path of another mount namespace as it is reached from here. Below /proc/PID/root the kernel would follow an absolute link
 * from *our* root: /var/run of a container leads to its own /run, not to ours.
 */
import { isErrno, linkText, statusOfLink } from '../discover/file-access.ts'

/** As the kernel (MAXSYMLINKS). */
const maxLinks = 40

/** Without links in it; null where it leads nowhere. `root` empty: our own, whose links the kernel may follow. */
export function pathBelow(root: string, path: string): string | null {
  if (root === '') return path
  const rest = partsOf(path)
  const walked: string[] = []
  for (let links = 0; rest.length > 0;) {
    const part = rest.shift() ?? ''
    if (part === '..') {
      walked.pop()
      continue
    }
    const here = `${[root, ...walked].join('/')}/${part}`
    const status = statusOfLink(here)
    if (isErrno(status)) return null
    if (!status.isSymbolicLink) {
      walked.push(part)
      continue
    }
    const target = linkText(here)
    if (isErrno(target) || ++links > maxLinks) return null
    if (target.startsWith('/')) walked.length = 0
    rest.unshift(...partsOf(target))
  }
  return [root, ...walked].join('/')
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}
