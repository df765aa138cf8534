import { expect, test } from 'vitest'
import { succeeded } from '../../../src/lib/failure.ts'
import type { ProbeEvent, ProbeOrder } from '../../../src/model/probe.ts'
import type { KeptPackets } from '../../../src/probe/capture/kept-packets.ts'
import { saveOnOrder } from '../../../src/probe/capture/save-on-order.ts'

test('who ends waits until what was ordered is saved, and told', async () => {
  const events: ProbeEvent[] = []
  let order: (order: ProbeOrder) => void = () => {}
  let written: () => void = () => {}
  const kept: KeptPackets = {
    add: () => {},
    size: () => ({ packets: 2, seconds: 1 }),
    save: async (file) => {
      await new Promise<void>((resolve) => (written = resolve))
      return succeeded({ file, bytes: 1 })
    },
  }
  const saved = saveOnOrder(kept, {
    sockets: () => Promise.reject(new Error('no socket is opened')),
    emit: (event) => void events.push(event),
    isAhead: () => false,
    drained: () => Promise.resolve(),
    signal: new AbortController().signal,
    onOrder: (listener) => (order = listener),
  })
  await saved()
  order({ type: 'save', file: '/tmp/x' })
  let isOver = false
  const over = saved().then(() => (isOver = true))
  await new Promise((resolve) => setImmediate(resolve))
  expect(isOver).toBe(false)
  written()
  await over
  expect(events).toMatchObject([
    { type: 'told', ok: true, text: '2 packets of the last 1.0 s saved as /tmp/x' },
  ])
})
