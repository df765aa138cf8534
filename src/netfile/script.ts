/**
 * A file of networks as a POSIX shell script of plain commands (ip, nft, docker …): it makes the same on a host that has nothing
 * of it, without vethscope. What it is made of is the plan for such a host.
 */
import { planOf } from '../change/plan-of.ts'
import type { PlanContext } from '../change/planner.ts'
import { planScript, shellText } from '../change/script.ts'
import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import { sanitise } from '../lib/sanitise.ts'
import type { NetworkFile } from '../model/network-file.ts'
import type { Step } from '../model/plan.ts'
import type { World } from '../model/world.ts'
import { bareWorld } from './bare-host.ts'
import { engineCommands } from './engine-script.ts'
import { said } from './exported.ts'

/** Records of a lab are written below it; a script writes none. */
const folder = '/run/vethscope/0'

/** Native nft alone: rules of iptables could be in the way only where there are some. */
const tools: PlanContext['tools'] = new Set([
  'ip',
  'bridge',
  'nft',
  'sysctl',
  'conntrack',
  'nsenter',
  'tee',
  'mount',
  'umount',
])

/** `head`: comments, a line each. */
export function networkScript(world: World, file: NetworkFile, head: readonly string[]): Outcome<string> {
  const { lab, left } = labOnly(file)
  const engines = engineCommands(file)
  const bare = bareWorld(world, lab)
  const context: PlanContext = { folder, hostPath: null, tools, now: world.at, etcNetns: null }
  const plan = planOf(bare, { kind: 'net-apply', file: lab, remove: false }, context)
  if (!plan.ok) {
    const [first, ...others] = plan.refusals
    const what = `no script can be made: ${first?.what ?? 'nothing of it can be planned'}`
    return failed({ kind: 'refused', ...first, what, ...(others.length === 0 ? {} : { others }) })
  }
  const steps = plan.value.steps.filter((step) => !isRecord(step)).map(alone)
  const missing = [...left, ...engines.left]
  const notes = [
    ...head.slice(1),
    ...(steps.some(turnsForwardingOn)
      ? ['', 'It turns forwarding on, between the other links of the host, too.']
      : []),
    ...(missing.length === 0 ? [] : ['Not in this script:', ...missing.map((each) => `- ${each}`), '']),
  ]
  const script = planScript({ ...plan.value, title: head[0] ?? '', notes, steps })
  const sections = [
    section('Networks of container engines', engines.networks),
    section('Containers: they must be there, and not on these networks yet', engines.connections),
  ]
  const first = [
    ...(steps.some(({ command }) => command.argv[0] === 'nft') ? [unlessLab] : []),
    // `ip netns add` makes it, and there may be none before.
    ...(steps.some(({ command }) => command.argv[0] === 'touch') ? ['mkdir -p /run/netns\n'] : []),
  ]
  const whole = script.replace('\nset -eu\n', ['\nset -eu\n', ...first].join('\n'))
  return succeeded([whole, ...sections.flat()].join('\n'))
}

/** A table of rules is written whole: that of a lab which is there would be lost. */
const unlessLab = `for family in ip ip6; do
  if nft list table "$family" vethscope > /dev/null 2>&1; then
    echo 'there is a lab of vethscope on this host: vethscope net apply adds to it' >&2
    exit 1
  fi
done
`

/** Nothing is taken back; a folder may be there. */
function alone(step: Step): Step {
  // Inodes are those of this host.
  const { enters: _, ...command } = step.command
  const [tool, ...rest] = command.argv
  return {
    ...step,
    undo: [],
    command:
      tool === 'mkdir'
        ? { ...command, argv: ['mkdir', '-p', ...rest.filter((word) => word !== '-p')] }
        : command,
  }
}

function turnsForwardingOn({ after }: Step): boolean {
  return after.some(
    (fact) =>
      fact.kind === 'sysctl' && /^ipv[46]\.conf\.all\.forwarding$/.test(fact.name) && fact.value === '1',
  )
}

function section(title: string, commands: readonly (readonly string[])[]): readonly string[] {
  if (commands.length === 0) return []
  return [`# ${sanitise(title)}`, ...commands.map((argv) => shellText({ argv })), '']
}

function isRecord({ after, before }: Step): boolean {
  const facts = [...after, ...before]
  return facts.some((fact) => fact.kind === 'file' && fact.path.startsWith(`${folder}/`))
}

/** Without what engines make, and without nodes that share the namespace of a container. */
function labOnly(file: NetworkFile): { readonly lab: NetworkFile; readonly left: readonly string[] } {
  const nodes = Object.entries(file.nodes ?? {})
  const names = new Set(nodes.map(([name]) => name))
  const joinsContainer = ({ mode = '' }: { readonly mode?: string | undefined }): boolean =>
    mode.startsWith('container:') && !names.has(mode.slice('container:'.length))
  const lab: NetworkFile = {
    vethscope: 1,
    ...said({
      networks: Object.fromEntries(
        Object.entries(file.networks ?? {}).filter(([, { engine }]) => engine === 'lab'),
      ),
      nodes: Object.fromEntries(nodes.filter(([, node]) => !joinsContainer(node))),
      links: file.links ?? [],
    }),
  }
  return {
    lab,
    left: nodes.flatMap(([name, node]) =>
      joinsContainer(node) ? [`node ${name}: it has the namespace of a container`] : [],
    ),
  }
}
