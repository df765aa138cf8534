/** Fields that several forms of networks and nodes have. */
import {
  connectableWords,
  memberWords,
  networkMeant,
  networkWords,
  nodeWords,
} from '../select/change-offers.ts'
import type { FormField, Values } from './form.ts'
import { engineOf, isLab, meantEngine, type FormHost } from './form-host.ts'

export const yesNo = ['no', 'yes'] as const
export const noYes = ['yes', 'no'] as const

export const isDocker = (values: Values): boolean => engineOf(values) === 'docker'
export const isEngines = (values: Values): boolean => !isLab(values)

/** A lab's first; where the host has nothing else, nobody is asked. */
export const engine: FormField = {
  id: 'engine',
  label: 'engine',
  where: { as: 'option', name: '--engine' },
  choices: (_, { engines }) => ['lab', ...new Set(engines.map((each) => each.engine))],
  when: (values, { engines }) => engines.length > 0 || isEngines(values),
  hint: (_, values) => (isLab(values) ? 'of plain Linux' : 'by its own API'),
}

/** Of several engines of a kind. */
export const socket: FormField = {
  id: 'socket',
  label: 'socket',
  where: { as: 'option', name: '--socket' },
  isAlwaysSaid: true,
  choices: (values, host) => {
    const [first = '', ...more] = socketsOf(values, host)
    return [first, ...more]
  },
  when: (values, host) => values['socket'] !== undefined || socketsOf(values, host).length > 1,
  hint: 'which of them',
}

function socketsOf(values: Values, { engines }: FormHost): readonly string[] {
  return engines.flatMap((each) => (each.engine === engineOf(values) ? [each.socket] : []))
}

export const name: FormField = { id: 'name', label: 'name', where: { as: 'word' }, required: true }

export const network: FormField = {
  id: 'network',
  label: 'network',
  where: { as: 'word' },
  required: true,
  offers: networkWords,
}

export const node: FormField = {
  id: 'node',
  label: 'node',
  where: { as: 'word' },
  required: true,
  offers: nodeWords,
}

/** The same place on the command line, by the word of whoever has it. */
const inEach = (field: FormField): readonly [FormField, FormField] => [
  { ...field, when: isLab },
  { ...field, label: 'container', when: isEngines },
]

export const whoConnects = inEach({ ...node, offers: connectableWords })
export const whoIsOn = inEach({ ...node, offers: memberWords })

export const ip: FormField = {
  id: 'ip',
  label: 'address',
  where: { as: 'option', name: '--ip' },
  hint: 'empty: the next free one',
}
export const ip6: FormField = {
  id: 'ip6',
  label: 'ipv6',
  where: { as: 'option', name: '--ip6' },
  hint: 'of a network with IPv6; empty: the next free one',
}
export const alias: FormField = {
  id: 'alias',
  label: 'aliases',
  where: { as: 'options', name: '--alias' },
  hint: 'further names on that network, parted by blanks',
}
export const mac: FormField = {
  id: 'mac-address',
  label: 'mac',
  where: { as: 'option', name: '--mac-address' },
  hint: 'empty: one is made',
}
export const links: FormField = {
  id: 'link',
  label: 'links',
  where: { as: 'options', name: '--link' },
  offers: nodeWords,
  hint: (_, values) => (isLab(values) ? 'NODE or NODE:ALIAS' : 'CONTAINER or CONTAINER:ALIAS'),
}

/** What concerns every host of a swarm is asked for as such. */
export const swarmWide: FormField = {
  id: 'swarm-wide',
  label: 'whole swarm',
  where: { as: 'switch', name: '--swarm-wide' },
  choices: yesNo,
  when: (values, host) =>
    values['swarm-wide'] === 'yes' ||
    meantEngine(host, values)?.swarmWide.includes(values['network']?.trim() ?? '') === true,
  hint: 'yes: it goes on every host of the swarm',
}

/** Who is taken off first. */
export const force: FormField = {
  id: 'force',
  label: 'force',
  where: { as: 'switch', name: '--force' },
  choices: yesNo,
  when: isEngines,
  hint: (world, values) => {
    const names = networkMeant(world, values)?.members.map((each) => each.name) ?? []
    const some = names.slice(0, 3).join(', ')
    const more = names.length > 3 ? ` and ${names.length - 3} more` : ''
    return names.length === 0 ? 'nobody is on it' : `yes: disconnects ${some}${more} first`
  },
}
