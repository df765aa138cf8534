/** Where captured packets go as pcapng: a new file, or standard output of whoever asked. */
import { codeOf, failed, reasonOf, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import { openNewFile } from '../../lib/new-file.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { ProbeContext } from '../context.ts'

export type PacketOutput = {
  /** Whole blocks. */
  write(block: Buffer): void
  /** It takes no more for now; resolves when it does again. null: it keeps up. */
  behind(): Promise<void> | null
  /** Why nothing more can be written; null: it can. */
  problem(): Failure | null
  /** Everything is written; the failure says what was not. */
  close(): Promise<Failure | null>
}

export async function openOutput(
  file: string | null,
  context: ProbeContext,
): Promise<Outcome<PacketOutput | null>> {
  if (file === null) return succeeded(null)
  if (file === '-') return succeeded(toEvents(context))
  const handle = await openNewFile(file)
  if (!handle.ok) return failed(handle.failure)
  return succeeded(
    gathered(
      async (blocks) => {
        // A whole number of blocks with one call: whoever is killed leaves a file that can be read.
        await handle.value.appendFile(blocks)
      },
      {
        failure: (error) => cannotGoOn(error, file),
        close: () => handle.value.close(),
      },
    ),
  )
}

function toEvents(context: ProbeContext): PacketOutput {
  return gathered(
    async (data) => {
      context.emit({ type: 'bytes', data })
      if (context.isAhead()) await context.drained()
    },
    { failure: (error) => cannotGoOn(error, 'standard output'), close: async () => {} },
  )
}

/** How long blocks are gathered: what a kill may cost. */
const gatherMs = 25
/** Held in memory while the disk is slow. */
const mostWaiting = 16 * 1024 * 1024

type Ends = { readonly failure: (error: unknown) => Failure; readonly close: () => Promise<void> }

function gathered(send: (blocks: Buffer) => Promise<void>, { failure, close }: Ends): PacketOutput {
  let waiting: Buffer[] = []
  let bytes = 0
  let timer: NodeJS.Timeout | null = null
  let sending: Promise<void> = Promise.resolve()
  let problem: Failure | null = null

  const sendWaiting = async (): Promise<void> => {
    const [blocks, length] = [waiting, waiting.reduce((sum, block) => sum + block.length, 0)]
    if (blocks.length === 0) return
    waiting = []
    try {
      if (problem === null) await send(Buffer.concat(blocks, length))
    } catch (error) {
      problem = failure(error)
    }
    bytes -= length
  }
  const pour = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    sending = sending.then(sendWaiting)
  }
  return {
    write: (block) => {
      if (problem !== null) return
      waiting.push(block)
      bytes += block.length
      timer ??= setTimeout(pour, gatherMs)
    },
    behind: () => {
      if (bytes < mostWaiting || problem !== null) return null
      pour()
      return sending
    },
    problem: () => problem,
    close: async () => {
      pour()
      await sending
      await close().catch((error: unknown) => (problem ??= failure(error)))
      return problem
    },
  }
}

function cannotGoOn(error: unknown, file: string): Failure {
  const full = ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '')
  const reason = full ? 'no space left on the disk' : sanitise(reasonOf(error))
  return {
    kind: 'refused',
    what: `cannot write "${sanitise(file)}": ${reason}; what came before is in it`,
    subject: file,
  }
}
