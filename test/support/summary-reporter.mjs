// The last line of a run, in the plain form that any reader of a log understands.
export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const secondTry = []
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed += 1
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state in counts) counts[state] += 1
        // A test that is expected to fail is tried twice too.
        if (test.diagnostic()?.flaky === true && test.options.fails !== true) secondTry.push(test.fullName)
      }
    }
    // After the default reporter's own summary.
    process.on('exit', () => {
      for (const name of secondTry) process.stdout.write(`\npassed only when tried again: ${name}`)
      process.stdout.write(
        `\ntests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
      )
    })
  }
}
