import { defineConfig } from 'vitest/config'

// Four kinds of test, told apart by folder: `unit` needs neither root nor a kernel of a special kind,
// `live` builds hosts in network namespaces of the real kernel, `engine` runs a real Docker Engine there, `tui` runs the built program in a
// pseudo-terminal. Live and screen tests get time because namespaces die asynchronously, and where a commit is judged
// (CI=true, all side by side on a busy machine) a second and third try, which the report names.
const retry = process.env['CI'] === 'true' ? 2 : 0

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          setupFiles: ['test/support/property-seed.ts'],
          exclude: ['test/live/**', 'test/tui/**', 'test/engine/**'],
          testTimeout: 10_000,
        },
      },
      {
        test: {
          name: 'live',
          include: ['test/live/**/*.test.ts'],
          retry,
          testTimeout: 90_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'engine',
          include: ['test/engine/**/*.test.ts'],
          retry,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'tui',
          include: ['test/tui/**/*.test.ts'],
          retry,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
