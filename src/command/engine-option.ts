/** `--engine` of commands that change networks. */
import { failed, succeeded, type Outcome } from '../lib/failure.ts'

export const engineOption = {
  engine: {
    type: 'choice',
    value: 'ENGINE',
    choices: ['lab', 'docker'],
    summary: 'whose networks; default: lab',
  },
} as const

export function onlyLab<T>(engine: 'lab' | 'docker' | undefined, wished: T): Outcome<T> {
  if (engine !== 'docker') return succeeded(wished)
  return failed({
    kind: 'refused',
    what: 'networks of Docker cannot be changed yet: a later version does it through Docker’s own API',
    subject: 'docker',
    hint: 'use docker network, or --engine lab',
  })
}
