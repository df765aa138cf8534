/** dockerHost as its engine tells it: every mode, an overlay, one that stopped, and an engine that does not answer. */
import type { Engine } from '../../src/model/engine.ts'
import { hiddenNetnsId, netnsId, nsid } from '../../src/model/ids.ts'
import type { World } from '../../src/model/world.ts'
import { container, endpoint, engine, network } from '../support/engine.ts'
import { address, link, loopback, netns } from '../support/world.ts'
import { dockerHost } from './worlds.ts'

const onBridge = (ipv4: string, fields = {}) =>
  endpoint('bridge', { ipv4, gateway: '172.17.0.1', mac: '02:42:ac:11:00:02', ...fields })

const redis = container('redis123', 201, { image: 'redis:7', endpoints: [onBridge('172.17.0.2/16')] })

const vnis = 'com.docker.network.driver.overlay.vxlanid_list'

export const docker: Engine = engine(
  [
    redis,
    container('nginx1', 202, {
      endpoints: [onBridge('172.17.0.3/16')],
      ports: [
        { hostIp: '0.0.0.0', hostPort: 8080, port: 80, protocol: 'tcp' },
        { hostIp: '::', hostPort: 8080, port: 80, protocol: 'tcp' },
      ],
    }),
    container('net-tomcat01', 203, {
      modeKind: 'network',
      mode: 'tomcat-net',
      endpoints: [
        endpoint('tomcat-net', {
          ipv4: '172.28.5.2/24',
          gateway: '172.28.5.1',
          aliases: ['web', 'net-tomcat01', container('net-tomcat01', null).id.slice(0, 12)],
        }),
      ],
      labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'tomcat' },
    }),
    container('web', 204, { endpoints: [onBridge('172.17.0.9/16')] }),
    container('sidecar', 201, { modeKind: 'container', mode: `container:${redis.id}`, joins: redis.id }),
    container('metrics', 100, { modeKind: 'host', mode: 'host' }),
    container('closedc', 302, { modeKind: 'none', mode: 'none' }),
    container('task1', 303, {
      modeKind: 'network',
      mode: 'ov1',
      endpoints: [endpoint('ov1', { ipv4: '10.0.1.5/24', networkId: 'rxmk5d1abcdefgh' })],
    }),
    container('stopped', null),
  ],
  {
    networks: [
      network('bridge', 'docker0', { subnets: [{ subnet: '172.17.0.0/16', gateway: '172.17.0.1' }] }),
      network('tomcat-net', 'br-3d5350', {
        subnets: [{ subnet: '172.28.5.0/24', gateway: '172.28.5.1' }],
        members: [
          {
            containerId: container('net-tomcat01', null).id,
            name: 'net-tomcat01',
            mac: null,
            ipv4: '172.28.5.2/24',
            ipv6: null,
          },
        ],
      }),
      network('ov1', null, {
        id: 'rxmk5d1abcdefgh',
        driver: 'overlay',
        scope: 'swarm',
        options: { [vnis]: '4097' },
      }),
    ],
  },
)

export function engineHost(engines: World['engines'] = [docker]): World {
  const base = dockerHost()
  const hidden = hiddenNetnsId(netnsId(303), nsid(5))
  const closed = netns(302, 'closedc')
  const task = netns(303, 'task1', {
    links: [loopback(), link('veth', { ifindex: 2, name: 'eth0', lower: { ifindex: 9, nsid: nsid(5) } })],
    addresses: [address(2, '10.0.1.5/24')],
    nsids: [{ nsid: nsid(5), id: hidden }],
  })
  const sandbox = {
    ...netns(1, 'x'),
    id: hidden,
    names: [],
    dev: null,
    readable: { unknown: 'no file leads there' },
    links: { unknown: 'no file leads there' },
  }
  return { ...base, netns: [...base.netns, closed, task, sandbox], engines }
}
