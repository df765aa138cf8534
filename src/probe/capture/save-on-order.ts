/** `save`: the packets that are kept, as a file, while the capture goes on. */
import { sanitise } from '../../lib/sanitise.ts'
import type { ProbeContext } from '../context.ts'
import type { KeptPackets } from './kept-packets.ts'

/** The answer resolves when everything that was ordered until then is saved: who ends before leaves half a file. */
export function saveOnOrder(kept: KeptPackets | null, context: ProbeContext): () => Promise<void> {
  let saving: Promise<unknown> = Promise.resolve()
  const tell = (text: string, ok: boolean): void => context.emit({ type: 'told', text: sanitise(text), ok })
  const save = async (packets: KeptPackets, file: string): Promise<void> => {
    const { packets: count, seconds } = packets.size()
    if (count === 0) return tell('nothing was captured yet that could be saved', false)
    const saved = await packets.save(file)
    if (!saved.ok) return tell(saved.failure.what, false)
    const many = count === 1 ? '1 packet' : `${count} packets`
    tell(
      `${many} of the last ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s saved as ${file}`,
      true,
    )
  }
  context.onOrder(({ file }) => {
    if (kept === null) tell('this capture keeps no packets that could be saved', false)
    else saving = Promise.all([saving, save(kept, file)])
  })
  return async () => {
    await saving
  }
}
