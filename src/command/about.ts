import { succeeded } from '../lib/failure.ts'
import { command } from './command.ts'

export const about = command({
  name: 'about',
  summary: 'what this program runs on and with: reader, capabilities, tools, terminal',
  needs: 'world',
  arguments: {},
  options: {},
  run: async ({ source }) => {
    const facts = await source.readTool()
    if (!facts.ok) return facts
    return succeeded({ kind: 'about', data: facts.value, answer: 'yes', gaps: [] })
  },
})
