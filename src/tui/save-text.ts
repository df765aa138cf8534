/** A text as a new file in the working directory. The one place where the screen's own thread writes a file. */
import { lstat } from 'node:fs/promises'
import { failed, reasonOf, type Outcome } from '../lib/failure.ts'
import { writeNewFile } from '../lib/new-file.ts'

/** Names that are tried: `log.txt`, `log-2.txt` … */
const attempts = 20

/** Never rejects. */
export async function saveText(file: string, text: string): Promise<Outcome<{ readonly file: string }>> {
  try {
    for (let attempt = 1; ; attempt += 1) {
      const name = attempt === 1 ? file : file.replace(/(\.[a-z]+)?$/, `-${attempt}$1`)
      const written = await writeNewFile(name, (handle) => handle.writeFile(text))
      if (written.ok || attempt === attempts || !(await isThere(name))) return written
    }
  } catch (error) {
    return failed({ kind: 'refused', what: `cannot write "${file}": ${reasonOf(error)}`, subject: file })
  }
}

/** Whatever it is: a link that leads nowhere too. */
async function isThere(name: string): Promise<boolean> {
  return lstat(name).then(
    () => true,
    () => false,
  )
}
