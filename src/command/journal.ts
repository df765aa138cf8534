import { succeeded } from '../lib/failure.ts'
import { command } from './command.ts'
import { changeId } from './undo.ts'

export const journal = command({
  name: 'journal',
  summary: 'what vethscope changed on this host since it started, and what became of it',
  needs: 'world',
  arguments: {},
  options: {},
  run: async ({ changer }) => {
    const read = await (await changer()).journal()
    return read.ok ? succeeded({ kind: 'journal', data: read.value, answer: 'yes', gaps: [] }) : read
  },
})

export const confirm = command({
  name: 'confirm',
  summary: 'keep a change that is taken back unless somebody says so',
  description: ['Of a change that was made with --confirm-within. Without ID the only one that waits.'],
  examples: ['vethscope confirm', 'vethscope confirm 12'],
  needs: 'world',
  arguments: { id: { value: 'ID', summary: 'as the change told it', required: false } },
  options: {},
  run: async ({ changer }, { id }) => {
    const number = changeId(id)
    if (!number.ok) return number
    const kept = await (await changer()).confirm(number.value)
    return kept.ok ? succeeded({ kind: 'confirmed', data: kept.value, answer: 'yes', gaps: [] }) : kept
  },
})
