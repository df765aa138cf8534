import { succeeded } from '../lib/failure.ts'
import { readGivenFile } from '../lib/given-file.ts'
import { plannedCommand } from './change-flow.ts'

/** Larger ones are refused by what reads the text, with a sentence about files of networks. */
const maxBytes = 4 * 1024 * 1024

export const netApply = plannedCommand({
  name: 'net apply',
  summary: 'make what a file of networks asks for and is not there yet',
  description: [
    'The file (YAML or JSON; docs/network-files.md) names networks, nodes, containers and links. What is there as it is asked for stays untouched: applied again nothing is left to do. Ports, connections, addresses and routes that differ are changed; what cannot be changed in place is refused, with the difference, unless --replace is given.',
    'All of it is one change: one plan, one undo.',
  ],
  examples: [
    'vethscope net apply lab.yaml --dry-run',
    'vethscope net export lab0 | ssh other vethscope net apply - --yes',
    'vethscope net apply lab.yaml --remove',
  ],
  arguments: { file: { value: 'FILE', summary: 'YAML or JSON; -: standard input', required: true } },
  options: {
    remove: { type: 'switch', summary: 'take away everything that it names and that is there' },
    replace: {
      type: 'switch',
      summary: 'what cannot be changed in place is removed and made again',
    },
  },
  plan: async (changer, { file, remove, replace }, options) => {
    if (remove && replace)
      return {
        ok: false,
        failure: { kind: 'usage', what: '--remove and --replace exclude each other' },
      }
    const text = readGivenFile(file, { maxBytes, what: 'give a file of networks' })
    if (!text.ok) return text
    // zod and yaml take long to load: only where a file is read.
    const { readWithPlaces } = await import('../netfile/read-network-file.ts')
    const read = readWithPlaces(text.value, file === '-' ? 'standard input' : file)
    if (!read.ok) return read
    const plan = await changer.plan({ kind: 'net-apply', file: read.value.file, remove, replace }, options)
    if (plan.ok) return succeeded(plan)
    return succeeded({ ok: false, refusals: plan.refusals.map(read.value.placed) })
  },
})
