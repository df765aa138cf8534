/** What `about` prints: the program on this host, without reading any namespace. */
import { succeeded, type Outcome } from '../lib/failure.ts'
import { readHostFacts, type HostFacts } from './host-facts.ts'
import { openReader, type ReaderChoice } from './open-reader.ts'

export async function readTool(options: {
  readonly reader: ReaderChoice
  readonly version?: string
}): Promise<Outcome<HostFacts>> {
  const opened = await openReader(options.reader)
  if (!opened.ok) return opened
  const { reader, why } = opened.value
  reader.close()
  return succeeded(
    await readHostFacts({
      versions: true,
      reader: { name: reader.name, why },
      ...(options.version === undefined ? {} : { version: options.version }),
    }),
  )
}
