/**
 * Ends the helper when its event loop stands still, also when nobody is left who could kill it: the kernel's own alarm
 * (alarm(2)) is put off as long as the loop turns, and else ends the process. What the helper started dies with it.
 */
import { loadLibc } from '../collect/kernel/libc.ts'

const standsStillS = 30
const everyMs = 5000

/** Without koffi there is none, and no probe that could stand still. */
export async function startWatchdog(): Promise<void> {
  const loaded = await loadLibc()
  if (!loaded.ok) return
  const koffi = await import('koffi')
  const alarm = koffi.load(null).func('alarm', 'unsigned int', ['unsigned int'])
  alarm(standsStillS)
  setInterval(() => alarm(standsStillS), everyMs).unref()
}
