import { expect, test } from 'vitest'
import { find } from '../../src/derive/find.ts'
import { tokensOf } from '../../src/derive/tokens.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { World } from '../../src/model/world.ts'
import { bridgedPair, link, route } from '../support/world.ts'

function example(): World {
  const pair = bridgedPair()
  const netns = pair.netns.map((one) => ({
    ...one,
    links: [
      ...(one.links as readonly ReturnType<typeof link>[]),
      ...(one.id === '100'
        ? [
            link('device', {
              ifindex: 2,
              name: 'eth0',
              altNames: ['enp0s3'],
              alias: 'to the world',
              lladdr: '52:54:00:00:00:01',
            }),
          ]
        : []),
    ],
    routes:
      one.id === '100'
        ? [route({ dst: '172.17.0.0/16', oif: 4 }), route({ dst: 'default', gateway: '192.0.2.1', oif: 2 })]
        : one.routes,
    fdb:
      one.id === '100'
        ? [
            {
              ifindex: 5,
              lladdr: '02:42:ac:11:00:02',
              vlan: null,
              master: 4,
              dst: null,
              vni: null,
              port: null,
              via: null,
              state: '',
              flags: [],
              nexthopId: null,
            },
          ]
        : [],
  }))
  return {
    ...pair,
    netns,
    processes: [
      {
        pid: 812,
        ppid: 1,
        startTime: 1,
        comm: 'nginx',
        uid: 33,
        cgroup: '/',
        netns: netnsId(200),
        namespaces: {},
      },
      {
        pid: 813,
        ppid: 1,
        startTime: 1,
        comm: 'lost',
        uid: 0,
        cgroup: '/',
        netns: { unknown: 'EACCES' },
        namespaces: {},
      },
    ],
  }
}

/** `what name-or-address owner` of each hit. */
function hits(text: string): readonly string[] {
  return find(example(), text).map(
    (one) =>
      `${one.what} ${one.ref.address ?? one.ref.name ?? one.ref.pid ?? one.ref.netns} ${one.owner?.name ?? '?'}`,
  )
}

test.each([
  ['veth0', ['link veth0 host']],
  ['veth0@if2', ['link veth0 host']],
  ['veth0@if3', []],
  ['eth0@if5:', ['link eth0 redis123']],
  ['enp0s3', ['altname eth0 host']],
  ['to the world', ['alias eth0 host']],
  ['02:42:ac:11:00:02', ['mac eth0 redis123', 'fdb veth0 host']],
  ['02-42-AC-11-00-02', ['mac eth0 redis123', 'fdb veth0 host']],
  ['0242.ac11.0002', ['mac eth0 redis123', 'fdb veth0 host']],
  ['172.17.0.2', ['address 172.17.0.2 redis123', 'route 172.17.0.2 host']],
  ['172.17.0.2:80', ['address 172.17.0.2 redis123', 'route 172.17.0.2 host']],
  ['172.17.0.2.80', ['address 172.17.0.2 redis123', 'route 172.17.0.2 host']],
  ['172.17.0.2/16', ['address 172.17.0.2 redis123', 'route 172.17.0.2 host']],
  ['172.17.0.9', ['route 172.17.0.9 host']],
  ['203.0.113.1', ['route 203.0.113.1 host']],
  ['redis123', ['netns 200 redis123']],
  ['net:[200]', []],
  ['pid:812', ['process 812 redis123']],
  ['812', ['process 812 redis123']],
  ['nginx[812]', ['process 812 redis123']],
  ['nginx', ['process 812 redis123']],
  ['lost', ['process 813 ?']],
  ['nsid:0', ['nsid 200 host', 'nsid 100 redis123']],
  ['link-netnsid 0', ['nsid 200 host', 'nsid 100 redis123']],
  ['docker', ['link docker0 host']],
  ['nothing at all', []],
  ['', []],
])('%s finds %j', (text, expected) => {
  expect(hits(text)).toEqual(expected)
})

test('what is found carries its peer and the bridge that it is on, from either end', () => {
  const bridge = { netns: { id: '100', name: 'host' }, ifindex: 4, name: 'docker0' }
  expect(find(example(), 'veth0')).toEqual([
    {
      token: 'veth0',
      what: 'link',
      says: 'veth0, veth, port of docker0',
      ref: { netns: '100', ifindex: 5, name: 'veth0' },
      owner: { id: '100', name: 'host' },
      peer: {
        netns: { id: '200', name: 'redis123' },
        ifindex: 2,
        name: 'eth0',
        addresses: ['172.17.0.2/16'],
      },
      bridge,
    },
  ])
  expect(find(example(), '172.17.0.2')[0]).toMatchObject({ peer: { name: 'veth0' }, bridge })
})

test('each part of a line from the kernel’s log', () => {
  const line =
    '[12.3] [UFW BLOCK] IN=docker0 OUT= MAC=02:42:00:00:00:01:02:42:ac:11:00:02:08:00 SRC=172.17.0.2 DST=172.17.0.1 LEN=812 TTL=64 PROTO=TCP SPT=40000 DPT=80'
  expect(find(example(), line).map((one) => `${one.token} ${one.what} ${one.ref.name ?? ''}`)).toEqual([
    'docker0 link docker0',
    '02:42:00:00:00:01 mac docker0',
    '02:42:ac:11:00:02 mac eth0',
    '02:42:ac:11:00:02 fdb veth0',
    '172.17.0.2 address eth0',
    '172.17.0.2 route docker0',
    '172.17.0.1 address docker0',
    '172.17.0.1 route docker0',
  ])
})

test('ids of namespaces as the kernel prints them', () => {
  const all = example()
  const inode = {
    ...all,
    netns: all.netns.map((one) => (one.id === '200' ? { ...one, id: netnsId(4026532177) } : one)),
  }
  for (const text of [
    'net:[4026532177]',
    'ino:4026532177',
    '4026532177',
    'lrwxrwxrwx net -> net:[4026532177]',
  ]) {
    expect(find(inode, text).map((one) => one.what)).toEqual(['netns'])
  }
})

test('words are cut where logs part them, and nowhere inside what is one', () => {
  expect(tokensOf('IN=eth0 SRC=fe80::1, "a" 10.0.0.1:80.').map((token) => token.text)).toEqual([
    'IN=eth0 SRC=fe80::1, "a" 10.0.0.1:80.',
    'IN',
    'eth0',
    'SRC',
    'fe80::1',
    'a',
    '10.0.0.1:80',
  ])
  expect(tokensOf('net:[1]').map((token) => token.text)).toEqual(['net:[1]'])
})
