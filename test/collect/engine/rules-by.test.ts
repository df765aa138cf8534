/** By what Docker writes its rules, as it tells it itself since 28.3. */
import { expect, test } from 'vitest'
import { engineMemory } from '../../../src/collect/engine/engine-memory.ts'
import { readEngines } from '../../../src/collect/engine/read-engines.ts'
import { fakeEngine, healthy, json } from '../../support/fake-engine.ts'

test.each([
  [{ Driver: 'iptables' }, 'iptables'],
  [{ Driver: 'iptables+firewalld', Info: [['ReloadedAt', '2026-01-01']] }, 'iptables'],
  [{ Driver: 'nftables+firewalld' }, 'nftables'],
  [{ Driver: 'ebpf' }, undefined],
  [null, undefined],
])('%j', async (backend, expected) => {
  const usual = healthy([])
  const fake = await fakeEngine((path, response, request) =>
    path === '/info' ? json(response, { FirewallBackend: backend }) : usual(path, response, request),
  )
  try {
    const engines = await readEngines({
      processes: [],
      found: [],
      signal: new AbortController().signal,
      env: { DOCKER_HOST: `unix://${fake.path}` },
      memory: engineMemory(),
    })
    expect(engines.find(({ endpoint }) => endpoint === fake.path)?.rulesBy).toBe(expected)
  } finally {
    await fake.close()
  }
})
