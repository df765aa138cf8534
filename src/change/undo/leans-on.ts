/** What the way back of a step needs and does not make: links by name, and of its routes what they are reached by. */
import { contains, parseIp, parsePrefix } from '../../lib/ip.ts'
import type { Command, Step, Touch } from '../../model/plan.ts'
import { atNamed } from '../at.ts'

/** `path` of a link, or of a namespace. `via`, `src`: of a route by that link; null: it is no route, or has none. */
export type Need = {
  readonly path: readonly string[]
  readonly isRoute: boolean
  readonly via: string | null
  readonly src: string | null
}

/** Each change is held against many others, and some have thousands of steps. */
const memo = new WeakMap<object, readonly Need[]>()

/** As iproute2 and sysctl are told (what a plan runs is all that says it, in journals of older versions too). */
export function leansOn({ undo, touches }: Pick<Step, 'undo' | 'touches'>): readonly Need[] {
  if ('irreversible' in undo) return []
  const needs = memo.get(undo) ?? undo.flatMap((command) => needsOf(command, touches))
  memo.set(undo, needs)
  return needs
}

/** What that did there, or would do, takes from the way back what it needs. */
export function takesFrom({ path, how, what }: Touch, need: Need): boolean {
  const isGone = how === 'delete' && path.every((part, at) => part === need.path[at])
  const isDown = need.isRoute && how === 'change' && what === 'down' && isSame(path, need.path)
  return isGone || isDown || (how === 'delete' && isAddressFor(path, need))
}

/** A route is only taken where its gateway is on a network of its link, and its source an address of the namespace. */
function isAddressFor(path: readonly string[], { path: needed, via, src }: Need): boolean {
  const [at, link, address] = path
  if (address === undefined || !address.startsWith('address:') || at !== needed[0]) return false
  const prefix = parsePrefix(address.slice('address:'.length))
  if (prefix === null) return false
  const gateway = via === null ? null : parseIp(via)
  if (gateway !== null && link === needed[1] && contains(prefix, gateway)) return true
  return src !== null && (address === `address:${src}` || address.startsWith(`address:${src}/`))
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((part, at) => part === other[at])
}

function needsOf(command: Command, touches: readonly Touch[]): readonly Need[] {
  const entered = (command.enters ?? []).map(({ path, id }) => thing([isNamed(path) ? path : `ino:${id}`]))
  return [...entered, ...linksNeeded(command, touches)]
}

function linksNeeded(command: Command, touches: readonly Touch[]): readonly Need[] {
  const { at, words } = placeOf(command, touches)
  const [tool, object] = words
  if (tool === 'sysctl') return words.flatMap((word) => settingOf(at, word))
  if (tool !== 'ip' && tool !== 'bridge' && tool !== 'tc') return []
  const isRoute = words.includes('route') || words.includes('nexthop')
  const src = isRoute ? after(words, 'src') : null
  return words.flatMap((word, index): readonly Need[] => {
    const name = words[index + 1]
    if (name === undefined) return []
    if (word === 'netns' && object !== 'netns') return [thing([atNamed(name)])]
    const isLink = word === 'dev' || (word === 'master' && tool === 'ip') || (word === 'link' && index > 1)
    if (!isLink) return []
    const via = isRoute && words[index - 2] === 'via' ? (words[index - 1] ?? null) : null
    return [{ path: [at, `link:${name}`], isRoute, via, src }]
  })
}

function thing(path: readonly string[]): Need {
  return { path, isRoute: false, via: null, src: null }
}

function after(words: readonly string[], word: string): string | null {
  const index = words.indexOf(word)
  return index === -1 ? null : (words[index + 1] ?? null)
}

/** `net.ipv4.conf.eth0.forwarding=1`. Settings of all links, and of those to come, are nobody's. */
function settingOf(at: string, word: string): readonly Need[] {
  const name = /^net\.ipv[46]\.(?:conf|neigh)\.(.+)\.[^.]+=/.exec(word)?.[1]
  return name === undefined || name === 'all' || name === 'default' ? [] : [thing([at, `link:${name}`])]
}

function isNamed(path: string): boolean {
  return path.startsWith(atNamed(''))
}

/** Where it runs, as touches name it (change/at.ts), and what is said there. */
function placeOf(
  { argv, enters }: Command,
  touches: readonly Touch[],
): { readonly at: string; readonly words: readonly string[] } {
  const [first, second = '', ...rest] = argv
  if (first === 'nsenter') {
    const path = second.replace('--net=', '')
    const inode = `ino:${enters?.find((each) => each.path === path)?.id}`
    const at = isNamed(path) ? path : touches.some((touch) => touch.path[0] === inode) ? inode : 'host'
    return { at, words: rest }
  }
  if (first === 'ip' && second === '-n')
    return { at: atNamed(rest[0] ?? ''), words: ['ip', ...rest.slice(1)] }
  return { at: 'host', words: argv }
}
