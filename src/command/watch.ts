import { failed, succeeded } from '../lib/failure.ts'
import { answerOf } from './change-flow.ts'
import { numberOf } from './change-words.ts'
import { command } from './command.ts'

/** The detached watcher of a change that waits to be confirmed: the changer starts it. */
export const watch = command({
  name: '__watch',
  summary: 'takes a change back after so many seconds unless it is confirmed',
  hidden: true,
  needs: 'world',
  arguments: {
    id: { value: 'ID', summary: 'of the change', required: true },
    seconds: { value: 'SECONDS', summary: 'how long it waits', required: true },
  },
  options: {},
  run: async ({ changer }, values) => {
    const [id, seconds] = [numberOf(values.id), numberOf(values.seconds)]
    if (id === null || seconds === null) {
      return failed({ kind: 'usage', what: '__watch: a change and seconds are needed' })
    }
    const ended = await (await changer()).watch(id, seconds)
    if (!ended.ok) return ended
    if (ended.value === null) return succeeded({ kind: 'text', data: { text: '' }, answer: 'yes', gaps: [] })
    return succeeded({
      kind: 'change',
      data: ended.value,
      script: null,
      answer: answerOf(ended.value),
      gaps: [],
    })
  },
})
