import type { Program } from '../../src/command/program.ts'

/** A program that has nothing to tell of itself, for commands that do not ask. */
export const someProgram: Program = {
  setup: () =>
    Promise.resolve({
      config: { file: '/root/.config/vethscope/config.json', state: 'none' },
      theme: 'dark',
      paths: { themes: '/root/.config/vethscope/themes', state: '/root/.local/state/vethscope' },
    }),
  themes: () =>
    Promise.resolve({
      trouble: null,
      themes: [
        {
          shape: { name: 'dark', title: 'Dark: light text on a dark ground', file: null, inUse: true },
          preview: { ok: true, value: [{ role: 'link.up', sample: 'UP', sgr: '\x1b[38;5;114m' }] },
        },
      ],
    }),
  manPage: () => Promise.resolve('.TH VETHSCOPE 1\n'),
  completion: (shell) => Promise.resolve(`# ${shell}\n`),
}
