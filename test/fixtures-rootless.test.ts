/** The recorded Podman of a user without root against what Podman said; its ports and its pod. */
import { expect, test } from 'vitest'
import { findings } from '../src/derive/findings/findings.ts'
import { displayName } from '../src/derive/netns-name.ts'
import { listeningSockets } from '../src/derive/ports/listening.ts'
import { publishedPorts } from '../src/derive/ports/published-ports.ts'
import { listOf } from '../src/model/known.ts'
import { rawOf, worldOf } from './support/fixture.ts'

type Inspected = {
  readonly Id: string
  readonly Name: string
  readonly Pod?: string
  readonly State: { readonly Status: string; readonly Pid: number }
  readonly HostConfig: { readonly NetworkMode: string }
}
type Pod = { readonly Id: string; readonly Name: string; readonly InfraContainerID: string }

const said = (question: string): unknown => rawOf('rootless').after['host']?.[question]

test('each container is what podman inspect said, with its pod', async () => {
  const world = await worldOf('rootless')
  const [engine, ...others] = listOf(world.engines)
  expect(others).toEqual([])
  expect(engine).toMatchObject({ engine: 'podman', rootless: true })
  const answer = said('podman pod inspect') as Pod | readonly Pod[]
  const pod = 'Id' in answer ? answer : answer[0]
  const told = (said('podman inspect') as readonly Inspected[]).map((each) => ({
    id: each.Id,
    name: each.Name,
    state: each.State.Status,
    pid: each.State.Pid,
    mode: each.HostConfig.NetworkMode,
    pod: (each.Pod ?? '') === '' ? null : each.Pod === pod?.Id ? pod?.Name : 'another',
  }))
  expect(told).toHaveLength(5)
  const read = listOf(engine?.containers ?? []).map(({ id, name, state, pid, mode, pod: of }) => {
    return { id, name, state, pid, mode, pod: of ?? null }
  })
  expect(read.toSorted(byId)).toEqual(told.toSorted(byId))
  const infra = listOf(engine?.containers ?? []).find(({ id }) => id === pod?.InfraContainerID)
  const netns = world.netns.find(({ id }) => id === infra?.netns)
  expect(netns === undefined ? null : displayName(netns)).toBe('shop')
})

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1)

test('each port leads to its container, and who listens there is known', async () => {
  const world = await worldOf('rootless')
  const names = new Map(world.netns.map((netns) => [netns.id, displayName(netns)]))
  const ports = publishedPorts(world)
    .filter(({ netns, via }) => netns === world.host && via === 'rootless')
    .map(({ hostPort, process, target, serves }) => {
      return [
        hostPort,
        process?.name,
        target.netns === null ? null : names.get(target.netns),
        target.port,
        serves,
      ]
    })
  expect(ports.toSorted((a, b) => Number(a[0]) - Number(b[0]))).toEqual([
    [8081, 'rootlessport', 'web', 80, 'yes'],
    [8082, 'rootlessport', 'db', 80, 'yes'],
    [8083, 'rootlessport', 'shop', 80, 'yes'],
    [8084, 'slirp4netns', 'direct', 80, 'yes'],
  ])
  const { sockets } = listeningSockets(world)
  const serving = sockets.filter(({ port }) => port === 80).map(({ container }) => container)
  expect(new Set(serving)).toEqual(new Set(['cart', 'db', 'direct', 'web']))
})

test('nothing is wrong there: a port of 127.0.0.1 alone is not meant for its own container', async () => {
  const { findings: found } = findings(await worldOf('rootless'))
  expect(found.map(({ id, subject, says }) => `${id} ${subject} ${says}`)).toEqual([])
})
