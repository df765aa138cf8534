/**
 * The worker thread of the live screen: composition only, like vethscope.ts. What the first picture does not wait for is loaded
 * when it is asked for.
 */
import { parentPort } from 'node:worker_threads'
import { runWorker } from './collect/worker.ts'

if (parentPort !== null) {
  runWorker(parentPort, {
    writeSnapshot: async (world, file, options) => {
      const snapshot = await import('./snapshot/write-snapshot.ts')
      return snapshot.writeSnapshot(world, file, options)
    },
    loadChecks: async () => {
      const [{ findingsSteps }, { concernedSteps }] = await Promise.all([
        import('./derive/findings/findings.ts'),
        import('./derive/findings/concerned.ts'),
      ])
      return { findings: findingsSteps, concerned: concernedSteps }
    },
    rulesWindow: async (world, netns, wanted) => {
      const rules = await import('./derive/rules/rules-window.ts')
      return rules.rulesWindow(world, netns, wanted)
    },
    loadConnections: async () => {
      const window = await import('./derive/connections-window.ts')
      return window.connectionsWindowInPieces
    },
    loadPorts: async () => {
      const [{ portsViewSteps }, { isListening }] = await Promise.all([
        import('./derive/ports-view.ts'),
        import('./derive/ports/listening.ts'),
      ])
      return { portsViewSteps, isListening }
    },
    loadWay: async () => {
      const { wayRules } = await import('./derive/way-rules.ts')
      return wayRules
    },
    loadFind: async () => {
      const [{ findSteps }, { namespacesAbout }] = await Promise.all([
        import('./derive/find.ts'),
        import('./derive/find-ports.ts'),
      ])
      return { findSteps, namespacesAbout }
    },
  })
}
