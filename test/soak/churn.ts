/** What happens to a host that is in use, at random: containers come and go, links and addresses change. */
import { loaded } from './host.ts'
import { oneOf, type Random } from './random.ts'

/** How many more or fewer namespaces than at the start. */
const swing = 20

export type Churn = {
  /** Command lines for a shell; some of them fail (the link is gone already), and that is part of it. */
  step(): readonly string[]
  /** Those with a name. */
  alive(): readonly string[]
}

/** `hold`: starts a process in a namespace of its own, for so many seconds. */
export function churn(pick: Random, start: readonly string[], hold: (seconds: number) => void): Churn {
  const alive = [...start]
  let made = 0
  const anyone = (): string => alive[pick(alive.length)] ?? 'nobody'
  const within = (): string => (pick(4) === 0 ? '' : `-n ${anyone()} `)
  const link = (): string => oneOf(['eth0', 'lo', `p${pick(4)}`, `v${pick(made + 1)}`], pick)

  const born = (): readonly string[] => {
    const name = `x${++made}`
    alive.push(name)
    return [
      `ip netns add ${name}`,
      `ip link add v${made} type veth peer name eth0 netns ${name}`,
      `ip link set v${made} master br0 up`,
      `ip -n ${name} addr add 10.0.${200 + pick(50)}.${1 + pick(250)}/16 dev eth0`,
      `ip -n ${name} link set eth0 up`,
    ]
  }
  const died = (): readonly string[] => {
    const name = anyone()
    alive.splice(alive.indexOf(name), 1)
    return [`ip netns del ${name}`]
  }

  const steps: readonly [() => readonly string[], ...(() => readonly string[])[]] = [
    () => (alive.length < start.length + swing ? born() : died()),
    () => (alive.length > Math.max(3, start.length - swing) ? died() : born()),
    () => [`ip ${within()}link add p${pick(4)} type veth peer name q${pick(4)} netns ${anyone()}`],
    () => [`ip ${within()}link del ${oneOf(['p', 'q'], pick)}${pick(4)}`],
    () => [`ip ${within()}addr replace 10.${pick(250)}.0.1/24 dev ${link()}`],
    () => [`ip ${within()}addr flush dev ${link()}`],
    () => [`ip ${within()}link set ${link()} ${oneOf(['up', 'down'], pick)}`],
    () => [`ip ${within()}link set ${link()} mtu ${1280 + pick(200)}`],
    () => [`ip ${within()}link set ${link()} alias 'text ${pick(100)}'`],
    () => [`ip ${within()}route replace 192.0.2.${pick(250)}/32 dev ${link()}`],
    () => [`ip link set v${pick(made + 1)} ${oneOf(['nomaster', 'master br0'], pick)}`],
    () => [`ip ${within()}neigh replace 10.0.9.${pick(250)} lladdr 02:00:00:00:00:01 dev ${link()}`],
    () => [`nft add rule ip soak changing udp dport ${1 + pick(9999)} counter`],
    () => (pick(8) === 0 ? ['nft flush chain ip soak changing'] : []),
    () => {
      // Each a connection that is new, and gone after some seconds.
      const ports = Array.from({ length: 1 + pick(20) }, () => 1024 + pick(60_000))
      const sends = ports.map((port) => `echo > /dev/udp/10.99.0.1/${port}`)
      return [`ip netns exec ${loaded} bash -c '${sends.join('; ')}'`]
    },
    () => {
      hold(1 + pick(5))
      return []
    },
  ]
  return { step: () => oneOf(steps, pick)(), alive: () => alive }
}
