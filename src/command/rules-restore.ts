import { succeeded } from '../lib/failure.ts'
import { changeCommand } from './change-flow.ts'
import { ofEngine, withoutOptions } from './engine-option.ts'

export const rulesRestore = changeCommand({
  name: 'rules restore',
  summary: 'write back rules of a container engine, or of the lab, that are gone',
  description: [
    'After `iptables -F`, a reload of a firewall or `nft flush ruleset` published ports and the way out of containers do not work (findings F05, F06). What Docker would write for the networks and ports that it reports is compared with what is there, and what is missing is put at its place, without starting the daemon anew. Rules of others stay where they are.',
    'Of Podman: `podman network reload --all`. Of the lab: its own table, and what lets its networks pass the rules of others.',
  ],
  examples: ['vethscope rules restore --dry-run', 'vethscope rules restore --engine lab'],
  arguments: {},
  options: {
    engine: {
      type: 'choice',
      value: 'ENGINE',
      choices: ['docker', 'podman', 'lab'],
      summary: 'whose rules; default: docker',
    },
    socket: {
      type: 'text',
      value: 'PATH',
      summary: 'of several engines of a kind: the socket of the one meant',
    },
  },
  wish: ({ engine = 'docker', socket }) =>
    engine !== 'lab'
      ? succeeded({ kind: 'rules-restore', ...ofEngine(engine, socket) })
      : withoutOptions('lab', { socket }, () => succeeded({ kind: 'rules-restore', engine })),
})
