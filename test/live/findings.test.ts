/**
 * A small host that routes for two nodes: first healthy, where nothing may be found, then with one fault after the other.
 * Each fault is real (what it breaks is tried with ping beside it) and is taken back before the next.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildLab, faults, outside, repair, runLine, serve } from '../support/fault-lab.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

type Found = {
  readonly id: string
  readonly severity: string
  readonly subject: string
  readonly says: string
  readonly evidence: readonly string[]
  readonly rule?: {
    readonly backend: string
    readonly table: string
    readonly chain: string
    readonly number: number
  }
}

/** Findings about one rule, whose words are part of their evidence. */
const aboutRules = new Set(['F07', 'F37', 'F38'])

const tools = [
  'ip',
  'unshare',
  'nsenter',
  'iptables',
  'iptables-legacy',
  'nft',
  'ping',
  'sysctl',
  'python3',
  'bridge',
]

if (requires({ root: true, tools })) {
  describe('findings', () => {
    let host: TestHost
    let program = ''
    let server = ''

    beforeAll(async () => {
      program = join(await buildVethscope(), 'main.js')
      host = await playHost()
      buildLab(host)
      server = await serve(host, '0.0.0.0')
    })
    afterAll(async () => host.end())

    function found(): { readonly findings: readonly Found[]; readonly code: number | null } {
      const { code, stdout, stderr } = host.try([process.execPath, program, 'findings', '--json'])
      expect(stderr).toBe('')
      const all = JSON.parse(stdout) as readonly (Found & { readonly unknown?: string })[]
      expect(all.filter(({ unknown }) => unknown !== undefined)).toEqual([])
      return { findings: all, code }
    }

    /** Whether an answer comes within a second, of two tries. */
    function answers(text: string): boolean {
      const [from = '', to = ''] = text.split(' ')
      const ping = ['ping', '-c', '2', '-i', '0.2', '-W', '1', '-q', to]
      const { code } = host.try(from === 'host' ? ping : ['ip', 'netns', 'exec', from, ...ping])
      return code === 0
    }

    /** The rule that it names is there at that number, as the tool itself prints it. */
    function expectItsRule({ id, rule, evidence }: Found): void {
      if (aboutRules.has(id)) expect(rule).toBeDefined()
      if (rule === undefined || rule.backend === 'nft') return
      const { backend, table, chain, number } = rule
      const tool = backend === 'iptables-legacy' ? 'iptables-legacy' : 'iptables'
      const printed = host.run([tool, '-t', table, '-S', chain, String(number)]).trim()
      expect(printed).toContain(`-A ${chain} `)
      if (aboutRules.has(id)) {
        const words = printed.slice(`-A ${chain} `.length)
        expect(evidence.map((fact) => fact.replace(/^\w+: /, ''))).toContain(words)
      }
    }

    test('a healthy host: it works, and nothing is found', () => {
      expect(answers(`n1 ${outside}`)).toBe(true)
      expect(answers('n1 10.7.0.3')).toBe(true)
      expect(found()).toEqual({ findings: [], code: 0 })
    })

    test.each(faults.map((fault) => [`${fault.id} ${fault.what}`, fault] as const))('%s', (_, fault) => {
      try {
        if (fault.lost !== undefined) expect(answers(fault.lost)).toBe(true)
        for (const line of fault.breaks) runLine(host, line)
        if (fault.lost !== undefined) expect(answers(fault.lost)).toBe(false)
        const { findings, code } = found()
        const { id, severity, subject } = fault
        const wanted = subject instanceof RegExp ? expect.stringMatching(subject) : subject
        expect(findings).toContainEqual(expect.objectContaining({ id, severity, subject: wanted }))
        expect(code).toBe(findings.some((each) => each.severity === 'fault') ? 1 : 0)
        for (const each of findings) expectItsRule(each)
      } finally {
        repair(host, fault)
      }
      expect(found().findings).toEqual([])
    })

    test('F08 the server listens on 127.0.0.1 only, then not at all', async () => {
      host.run(['kill', server])
      await expect
        .poll(() => found().findings.map(({ id, severity }) => [id, severity]))
        .toEqual([['F08', 'risk']])
      server = await serve(host, '127.0.0.1')
      expect(found().findings).toEqual([
        expect.objectContaining({
          id: 'F08',
          severity: 'fault',
          subject: 'n2',
          says: expect.stringContaining('8080'),
        }),
      ])
      host.run(['kill', server])
      server = await serve(host, '0.0.0.0')
      expect(found()).toEqual({ findings: [], code: 0 })
    })

    test('without rights to read the rules a check is not made, and says so', () => {
      const command = [
        // As that user has it: root's home is closed to it.
        'env',
        'HOME=/',
        'setpriv',
        '--reuid=65534',
        '--clear-groups',
        process.execPath,
        program,
        'findings',
        '--json',
      ]
      const { stdout } = host.try(command)
      const all = JSON.parse(stdout) as readonly { readonly unknown?: string }[]
      expect(all.every(({ unknown }) => unknown !== undefined)).toBe(true)
    })
  })
}
