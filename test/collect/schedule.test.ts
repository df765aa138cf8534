import { expect, test } from 'vitest'
import { schedule, type Schedule } from '../../src/collect/schedule.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    if (waited > 5000) throw new Error('waited in vain')
    await pause(5)
  }
}

function recorded(): { jobs: Schedule; ran: string[]; errors: unknown[]; turns: () => number } {
  const ran: string[] = []
  const errors: unknown[] = []
  let turns = 0
  const jobs = schedule(
    () => turns++,
    (error) => errors.push(error),
  )
  return { jobs, ran, errors, turns: () => turns }
}

test('runs in the order in which they are due, and each key once', async () => {
  const { jobs, ran, turns } = recorded()
  jobs.in(30, 'late', () => void ran.push('late'))
  jobs.in(10, 'early', () => void ran.push('early'))
  jobs.in(20, 'late', () => void ran.push('late, asked for again'))
  jobs.in(40, 'early', () => void ran.push('never'))
  await until(() => ran.length === 2)
  await pause(60)
  expect(ran).toEqual(['early', 'late, asked for again'])
  expect(turns()).toBeGreaterThan(0)
  jobs.close()
})

test('what is urgent goes before the rest that is due, but not before what waits for long', async () => {
  const { jobs, ran } = recorded()
  const at = (delayMs: number, key: string, urgent = false) =>
    jobs.in(delayMs, key, () => void ran.push(key), { urgent })
  // While this runs the others become due.
  jobs.in(0, 'busy', () => {
    at(1, 'a')
    at(2, 'b')
    at(3, 'urgent', true)
    at(600, 'not yet', true)
    const end = performance.now() + 20
    while (performance.now() < end);
  })
  await until(() => ran.length === 3)
  expect(ran).toEqual(['urgent', 'a', 'b'])
  jobs.in(0, 'busy', () => {
    at(1, 'long')
    at(260, 'urgent', true)
    const end = performance.now() + 300
    while (performance.now() < end);
  })
  await until(() => ran.length === 6)
  expect(ran.slice(3).filter((key) => key !== 'not yet')).toEqual(['long', 'urgent'])
  jobs.close()
})

test('one after the other, never two at a time', async () => {
  const { jobs, ran } = recorded()
  let inside = 0
  for (const key of ['a', 'b', 'c']) {
    jobs.in(0, key, async () => {
      inside++
      await pause(5)
      ran.push(`${key}${inside}`)
      inside--
    })
  }
  await until(() => ran.length === 3)
  expect(ran).toEqual(['a1', 'b1', 'c1'])
  jobs.close()
})

test('a job that took long rests three times as long before it runs again', async () => {
  const { jobs } = recorded()
  const starts: number[] = []
  const again = async (): Promise<void> => {
    starts.push(performance.now())
    await pause(20)
    if (starts.length < 3) jobs.in(0, 'again', again)
  }
  jobs.in(0, 'again', again)
  await until(() => starts.length === 3)
  jobs.in(0, 'again', again)
  await until(() => starts.length === 4)
  for (const at of [1, 2, 3]) expect((starts[at] ?? 0) - (starts[at - 1] ?? 0)).toBeGreaterThanOrEqual(75)
  jobs.close()
})

test('one that asks for itself without pause lets the event loop turn', async () => {
  const { jobs } = recorded()
  let runs = 0
  const again = (): void => {
    runs++
    jobs.in(0, 'again', again)
  }
  jobs.in(0, 'again', again)
  await pause(30)
  expect(runs).toBeGreaterThan(3)
  jobs.close()
})

test('what one job throws does not stop the others', async () => {
  const { jobs, ran, errors } = recorded()
  jobs.in(0, 'bad', () => {
    throw new Error('bad')
  })
  jobs.in(0, 'worse', () => Promise.reject(new Error('worse')))
  jobs.in(1, 'good', () => void ran.push('good'))
  await until(() => ran.length === 1)
  expect(errors).toEqual([new Error('bad'), new Error('worse')])
  jobs.close()
})

test('a dropped job and a closed schedule run nothing', async () => {
  const { jobs, ran } = recorded()
  jobs.in(5, 'dropped', () => void ran.push('dropped'))
  jobs.drop('dropped')
  jobs.in(5, 'closed', () => void ran.push('closed'))
  jobs.close()
  jobs.in(5, 'after', () => void ran.push('after'))
  await pause(40)
  expect(ran).toEqual([])
})
