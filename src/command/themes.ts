import { failed, succeeded } from '../lib/failure.ts'
import { nearest } from '../lib/nearest.ts'
import { command } from './command.ts'

export const themes = command({
  name: 'themes',
  summary: 'the colours of the screen: which themes there are, each role shown in them',
  description: [
    'Your own are files in $XDG_CONFIG_HOME/vethscope/themes (~/.config/vethscope/themes); docs/config.md tells what is in them.',
  ],
  examples: ['vethscope themes', 'vethscope themes light', 'vethscope --theme light'],
  needs: 'nothing',
  arguments: { name: { value: 'THEME', summary: 'show only this one', required: false } },
  options: {},
  run: async ({ program }, { name }) => {
    const { themes: all, trouble } = await program.themes()
    const chosen = name === undefined ? all : all.filter(({ shape }) => shape.name === name)
    if (name !== undefined && chosen.length === 0) {
      const names = all.map(({ shape }) => shape.name)
      const meant = nearest(name, names)
      return failed({
        kind: 'not-found',
        what: `no theme is called "${name}"`,
        subject: name,
        hint: `${meant === null ? '' : `did you mean ${meant}? `}there are: ${names.join(', ')}`,
      })
    }
    const isBroken = chosen.some(({ preview }) => !preview.ok)
    const data = chosen.map(({ shape }) => shape)
    // Who asks for one wants to see that one.
    const told = name === undefined ? trouble : null
    const answer = isBroken || told !== null ? 'no' : 'yes'
    return succeeded({ kind: 'themes', data, themes: chosen, trouble: told, answer, gaps: [] })
  },
})
