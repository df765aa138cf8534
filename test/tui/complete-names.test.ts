/** What the shells' completions ask the program for, and how quickly it is there. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-names-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let program = ''
beforeAll(async () => void (program = join(await buildVethscope(), 'main.js')))

describe('__complete', () => {
  const complete = (
    kind: string,
    env: Readonly<Record<string, string>> = {},
    more: readonly string[] = [],
  ) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [program, '__complete', kind, ...more], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    })
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    return stdout.split('\n').filter((line) => line !== '')
  }

  test('one name a line', () => {
    expect(complete('netns')).toContain('host')
    expect(complete('links')).toContain('lo')
    expect(complete('any')).toEqual(expect.arrayContaining(['host', 'lo']))
    expect(complete('themes')).toEqual(expect.arrayContaining(['dark', 'monochrome']))
  })

  if (requires({ root: true, tools: ['unshare', 'sleep'] })) {
    test('links of one namespace', async () => {
      const inside = spawn('unshare', ['-n', 'sleep', '60'], { stdio: 'ignore' })
      try {
        const own = readlinkSync('/proc/self/ns/net')
        const netnsOf = (): string => readlinkSync(`/proc/${inside.pid}/ns/net`)
        await expect.poll(netnsOf).not.toBe(own)
        const ino = /\d+/.exec(netnsOf())?.[0] ?? ''
        expect(complete('links', {}, ['', `pid:${inside.pid}`])).toEqual(['lo'])
        expect(complete('links', {}, ['', `ino:${ino}`])).toEqual(['lo'])
      } finally {
        inside.kill()
      }
    })
  }

  test('quiet also with a broken config, an engine that never answers, and without rights', () => {
    mkdirSync(join(folder, 'vethscope'), { recursive: true, mode: 0o700 })
    writeFileSync(join(folder, 'vethscope/config.json'), '{ "them": 1 ', { mode: 0o600 })
    expect(complete('netns', { XDG_CONFIG_HOME: folder })).toContain('host')
    expect(complete('containers', { DOCKER_HOST: 'unix:///nowhere/docker.sock' })).toEqual(expect.any(Array))
  })

  test('for at most three times the processor time of a Node that does nothing', () => {
    // Other tests load the machine: what it costs is measured, and the quickest of three counts.
    const cost = (...argv: readonly string[]): number => {
      const costs = [1, 2, 3].map(() => {
        const { stdout } = spawnSync('bash', ['-c', '"$@" >/dev/null; times', 'bash', ...argv], {
          encoding: 'utf8',
        })
        const children = stdout.trim().split('\n').at(-1) ?? ''
        const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
          ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
        )
        return seconds.reduce((sum, each) => sum + each, 0)
      })
      return Math.min(...costs)
    }
    const empty = cost(process.execPath, '-e', '0')
    expect(empty).toBeGreaterThan(0)
    expect(cost(process.execPath, program, '__complete', 'netns') / empty).toBeLessThan(3)
  })
})
