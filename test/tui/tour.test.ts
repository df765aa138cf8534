import { describe, expect, test } from 'vitest'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { takeTour } from '../support/tour.ts'

describe.runIf(requires({ root: true, tools: ['ip', 'nsenter', 'ping'] }))('the tour of docs/tour.md', () => {
  test('answers its three questions with at most six keys at 80×24', async () => {
    const steps = await takeTour(`${await buildVethscope()}/main.js`)
    expect(steps.length - 1).toBeLessThanOrEqual(6)
    const last = steps.at(-1)?.screen ?? ''
    const row = last.split('\n').find((line) => line.startsWith('>')) ?? ''
    // Which namespace is behind it?
    expect(row).toContain('vethcron')
    expect(row).toContain('cron')
    // What is its address?
    expect(row).toContain('172.17.0.9/16')
    // What changed last?
    expect(last).toMatch(/changed .*master docker0/)
    expect(last.split('\n').every((line) => line.length <= 80)).toBe(true)
    expect(last.split('\n').length).toBeLessThanOrEqual(24)
  })
})
