import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'

describe.runIf(requires({ root: true, tools: ['ip', 'nsenter', 'unshare'] }))(
  'the host that live tests play',
  () => {
    let host: TestHost
    beforeAll(async () => {
      host = await playHost('testhost')
    })
    afterAll(() => host.end())

    test('has its own name, processes and network', () => {
      expect(host.run(['hostname']).trim()).toBe('testhost')
      expect(host.run(['ip', '-o', 'link']).trim().split('\n')).toHaveLength(1)
      expect(host.run(['sh', '-c', 'ls -d /proc/[0-9]* | wc -l']).trim()).toMatch(/^[2-5]$/)
    })

    test('keeps named namespaces to itself', () => {
      host.ip('netns add a', 'link add v0 type veth peer name eth0 netns a')
      expect(host.run(['ip', '-n', 'a', '-o', 'link'])).toContain('eth0@if')
      expect(existsSync('/run/netns/a')).toBe(false)
      expect(existsSync(host.path('/run/netns/a'))).toBe(true)
    })

    test('takes everything with it when it ends', async () => {
      const second = await playHost()
      const { pid } = second
      await second.end()
      expect(existsSync(`/proc/${pid}`)).toBe(false)
    })
  },
)
