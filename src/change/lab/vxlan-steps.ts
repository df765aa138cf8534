/** The vxlan port of a network's bridge. */
import { labMark } from '../../model/lab-words.ts'
import type { LabNetwork } from '../../model/lab.ts'
import type { Fact, Step } from '../../model/plan.ts'
import type { Spot } from '../at.ts'
import { ipv6SettingStep } from './link-setting.ts'
import { madeMac } from '../made-mac.ts'

/** What is sent to nobody in particular, and to whom nobody knows the way, goes to the remotes of this entry. */
const everyone = '00:00:00:00:00:00'

/** All steps but the first have no inverse of their own: what they do goes with the link. `ipv6`: whether this kernel has it. */
export function vxlanSteps(
  spot: Spot,
  network: LabNetwork,
  tunnel: NonNullable<LabNetwork['vxlan']>,
  bridge: string,
  ipv6: boolean,
): readonly Step[] {
  const { at } = spot
  const { link, vni, local, remotes, dstport } = tunnel
  const path = [at, `link:${link}`]
  const mark = `${labMark}:${network.name}`
  const mac = madeMac(`${network.mac ?? ''}/${vni}`)
  const is = (facts: NonNullable<Extract<Fact, { kind: 'link' }>['is']>): Fact => ({
    kind: 'link',
    at,
    name: link,
    there: true,
    is: facts,
  })
  const data = ['id', String(vni), 'local', local, 'dstport', String(dstport)]
  const dev = network.parent === null ? [] : ['dev', network.parent]
  return [
    {
      title: `make vxlan ${link} (VNI ${vni}) on bridge ${bridge}`,
      // dstport always: the kernel's default is not the assigned one. nolearning: who the others are is told, not guessed
      // from packets that anybody may send.
      command: spot.ip(
        ...['link', 'add', 'name', link, 'address', mac, 'mtu', String(network.mtu), 'master', bridge].concat(
          ['type', 'vxlan'],
          data,
          dev,
          ['nolearning'],
        ),
      ),
      undo: [spot.ip('link', 'del', 'dev', link)],
      after: [is({ kind: 'vxlan', mtu: network.mtu, master: bridge, lladdr: mac })],
      before: [{ kind: 'link', at, name: link, there: false }],
      touches: [
        { path, how: 'add' },
        { path: [at, `link:${bridge}`], how: 'use' },
      ],
    },
    {
      title: `mark ${link} as that of network ${network.name}`,
      command: spot.ip('link', 'set', 'dev', link, 'alias', mark),
      undo: [],
      after: [is({ alias: mark })],
      before: [is({ alias: null })],
      touches: [{ path, how: 'change', what: 'alias' }],
    },
    // It is a port: addresses are the bridge's.
    ...(ipv6
      ? [ipv6SettingStep(spot, link, 'disable_ipv6', '1', `give ${link} no IPv6 address of its own`)]
      : []),
    ...remotes.map((remote) => remoteStep(spot, link, remote)),
    {
      title: `set ${link} up`,
      command: spot.ip('link', 'set', 'dev', link, 'up'),
      undo: [],
      after: [is({ up: true })],
      before: [is({ up: false })],
      touches: [{ path, how: 'change', what: 'up' }],
    },
  ]
}

function remoteStep(spot: Spot, link: string, remote: string): Step {
  const fact = { kind: 'fdb', at: spot.at, link, lladdr: everyone, dst: remote } as const
  return {
    title: `lead ${link} to ${remote}`,
    command: spot.inside(['bridge', 'fdb', 'append', everyone, 'dev', link, 'dst', remote]),
    undo: [],
    after: [{ ...fact, there: true }],
    before: [{ ...fact, there: false }],
    touches: [{ path: [spot.at, `link:${link}`, `fdb:${everyone}/${remote}`], how: 'add' }],
  }
}
