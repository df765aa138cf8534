/**
 * The first six keys of somebody who has read in a log that `vethcron` is in trouble: which namespace is behind it,
 * what is its address, what changed last? Taken live, on the host of the fixture `demo`, at 80×24.
 */
import { demo } from '../../fixtures/record/demo.ts'
import { playHost } from './host.ts'
import { openTestTerminal } from './terminal.ts'

export type TourStep = {
  /** What was done: a key, or text that was pasted. */
  readonly does: string
  readonly says: string
  /** 24 lines. */
  readonly screen: string
}

/** `program`: path of the built main.js. The clock on the screen is replaced, so that the transcript keeps. */
export async function takeTour(program: string): Promise<readonly TourStep[]> {
  const host = await playHost(demo.hostName)
  try {
    await demo.build(host)
    host.ip('link set vethcron master docker0')
    const terminal = openTestTerminal(host.inside([process.execPath, program]))
    try {
      await terminal.waitFor(/9 ns|8 ns/)
      await terminal.waitFor('live')
      const steps: TourStep[] = []
      const keep = (does: string, says: string) => steps.push({ does, says, screen: steady(terminal.text()) })

      // What somebody else did to this host, just before.
      host.ip('link set vethcron nomaster')
      await terminal.waitFor((text) => !/├─vethcron|└─vethcron/.test(text))
      keep('vethscope', 'The start view: bridges, their ports, and the namespace and address behind each.')

      await terminal.press('f')
      keep('f', 'Find: paste whatever the log said.')

      terminal.send('\x1b[200~vethcron\x1b[201~')
      await terminal.waitFor(/find: vethcron/)
      await terminal.idle()
      keep('paste “vethcron”', 'What it is, and whose.')

      await terminal.press('enter')
      await terminal.waitFor(/changed .*docker0/)
      keep(
        'Enter',
        'On the link itself. Behind it is the namespace `cron` with 172.17.0.9/16; below the tree stands what changed last: it lost its master docker0.',
      )
      return steps
    } finally {
      terminal.close()
    }
  } finally {
    await host.end()
  }
}

/** The time of day, so that a new transcript differs only where the screen does. */
function steady(screen: string): string {
  return screen
    .replaceAll(/\b(changed|live|since) \d\d:\d\d/g, '$1 14:03')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** docs/tour.md. */
export function transcript(steps: readonly TourStep[]): string {
  const head = `# A first look in ${steps.length - 1} keys

A log says that \`vethcron\` is in trouble. Which namespace is behind it, what is its address, what changed last? The
screens below are the program's own, at 80×24, on the host of the fixture \`demo\`; \`node docs/tour.mjs\` takes them anew,
and \`test/tui/tour.test.ts\` checks that they answer.
`
  const parts = steps.map(
    ({ does, says, screen }, at) =>
      `\n## ${at === 0 ? 'Start' : at}: ${does}\n${says}\n\n\`\`\`\n${screen.trimEnd()}\n\`\`\`\n`,
  )
  return head + parts.join('')
}
