/** What is asked of an engine, on the plan's lines: short where there is no room, whole with Ctrl-O. */
import { expect, test } from 'vitest'
import { engineCommand } from '../../src/change/engine/engine-command.ts'
import { shellText } from '../../src/change/script.ts'
import { requestText } from '../../src/tui/view/changing/request-text.ts'
import { argvOf, opened, planned, step } from './change-world.ts'

const create = engineCommand('/run/docker.sock', {
  method: 'POST',
  path: '/networks/create',
  body: {
    Name: 'shop',
    Driver: 'bridge',
    Internal: false,
    Options: {},
    IPAM: { Config: [{ Subnet: '10.5.0.0/24' }] },
  },
})
const remove = engineCommand('/run/docker.sock', { method: 'DELETE', path: '/networks/shop', body: null })

test('a request is told by what is asked, and its body without what says nothing', () => {
  const [head = '', ...input] = shellText(create).split('\n')
  expect(requestText(head, input)).toEqual({
    head: 'POST /networks/create  to /run/docker.sock',
    body: '{ "Name": "shop", "Driver": "bridge", "IPAM": { "Config": [ { "Subnet": "10.5.0.0/24" } ] } }',
  })
  expect(requestText(shellText(remove), [])).toEqual({
    head: 'DELETE /networks/shop  to /run/docker.sock',
    body: null,
  })
  expect(requestText('ip link add lab0 type bridge', [])).toBeNull()
  expect(requestText('curl http://localhost/x', [])).toBeNull()
})

test('on the screen: what is asked, what takes it back; whole on demand; what the engine answered', () => {
  const it = opened()
  it.keys('a', 'enter')
  it.type('shop')
  const steps = [step('make network shop of docker', shellText(create), [shellText(remove)])]
  planned(it, { steps })
  expect(it.line('+ POST /networks/create  to /run/docker.sock')).not.toBe('')
  expect(it.text().replaceAll(/\s+/g, ' ')).toContain('"Config": [ { "Subnet": "10.5.0.0/24" } ]')
  expect(it.line('- DELETE /networks/shop')).not.toBe('')
  it.keys('C-o')
  expect(it.line('+ curl -sS --fail-with-body --unix-socket /run/docker.sock -X POST')).not.toBe('')
  it.keys('C-s')
  expect(argvOf(it, 'make-change')).not.toBeNull()
  const [asked] = it.effects.filter((each) => each.type === 'make-change')
  if (asked === undefined) throw new Error('nothing is made')
  const done = steps.map((each) => ({ ...each, outcome: 'done' as const, says: 'id 4f3a21aa90cd' }))
  const result = {
    id: 3,
    title: 'make network shop',
    applied: true,
    verified: true,
    steps: done,
    left: [],
    differences: [],
    notes: [],
  }
  it.send({ type: 'change-ended', id: asked.id, answer: { ok: true, result }, now: it.now })
  expect(it.line('= id 4f3a21aa90cd')).not.toBe('')
})
