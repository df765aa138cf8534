import { isAbsolute, resolve } from 'node:path'
import { failed, succeeded, type Failure } from '../lib/failure.ts'
import { sanitise } from '../lib/sanitise.ts'
import type { Target } from '../model/probe.ts'
import { command } from './command.ts'
import { listenFrom } from './listen-from.ts'
import { probeFrom, watchTo, type ProbeStart } from './probe-flow.ts'

const timeoutSeconds = 10
const redirects = 10

export const http = command({
  name: 'http',
  summary:
    'a URL asked for from inside, as wget would: status, headers, times, redirects, certificate; or a web server inside',
  description: [
    'The name may be a container’s or an alias’s; any other is resolved as a program inside would. No tool is needed there.',
    'A certificate that cannot be trusted ends it before anything is asked, and says why; --insecure goes on. Exit 1: no answer, a status of 400 or more, a body that did not come whole, or a certificate that is not trusted.',
    '--serve starts a web server inside instead, until Ctrl-C: it answers every request with who asked, by which address, and tells each.',
    'A body that is only counted is read up to 100 MB; with -o it is written to a new file, whole or not at all.',
  ],
  examples: [
    'vethscope http web nginx1:8080/health',
    'vethscope http host http://192.0.2.1/ --head',
    'vethscope http web https://example.org -o page.html',
    'vethscope http web --serve 80',
  ],
  needs: 'world',
  arguments: {
    netns: { value: 'NETNS', summary: 'where it is asked', required: true },
    url: { value: 'URL', summary: 'http or https; without a scheme http', required: false },
  },
  options: {
    output: {
      type: 'text',
      short: 'o',
      value: 'FILE',
      summary: 'write the body to this file, which must not be there yet',
    },
    head: { type: 'switch', summary: 'ask for the headers only' },
    insecure: { type: 'switch', summary: 'go on where the certificate cannot be trusted' },
    header: {
      type: 'texts',
      short: 'H',
      value: 'HEADER',
      summary: 'send this too, "Name: value"; several times for several; without a value: leave it out',
    },
    'max-redirects': {
      type: 'integer',
      value: 'N',
      min: 0,
      max: 50,
      summary: `how many redirects are followed (${redirects}); 0: none`,
    },
    timeout: {
      type: 'seconds',
      value: 'S',
      min: 0.05,
      max: 3600,
      summary: `how long each step, and silence in the body, is waited for (${timeoutSeconds}); or how long the server serves`,
    },
    serve: { type: 'text', value: '[ADDR:]PORT', summary: 'be a web server there instead' },
    count: {
      type: 'integer',
      value: 'N',
      min: 1,
      max: 1_000_000,
      summary: 'with --serve: end after so many requests',
    },
  },
  run: async (deps, values) => {
    const { netns, output, header, timeout, url: text, serve, count } = values
    if (serve !== undefined) {
      if (text !== undefined)
        return failed({
          kind: 'usage',
          what: `http: --serve and the URL "${sanitise(text)}" exclude each other`,
        })
      return listenFrom(deps, { protocol: 'tcp', netns, listen: serve, count, timeout, answers: true })
    }
    if (text === undefined) return failed({ kind: 'usage', what: 'http: give a URL, or --serve [ADDR:]PORT' })
    if (count !== undefined) return failed({ kind: 'usage', what: 'http: --count goes with --serve only' })
    const [{ httpUrl }, { parseHeader }, { soughtOf }, { resolverOf }, { refusalToWrite }] =
      await Promise.all([
        import('../derive/probe/http-url.ts'),
        import('../derive/probe/http-header.ts'),
        import('../derive/probe/sought.ts'),
        import('../derive/probe/resolver.ts'),
        import('../lib/new-file.ts'),
      ])
    const parsed = httpUrl(text)
    if (!parsed.ok) return parsed
    const wrong = header.find((line) => parseHeader(line) === null)
    if (wrong !== undefined) return failed(notAHeader(wrong))
    const file = output === undefined ? null : isAbsolute(output) ? output : resolve(deps.folder, output)
    const refused = file === null ? null : await refusalToWrite(file)
    if (refused !== null) return failed(refused)
    const { url, host } = parsed.value
    return probeFrom(deps, netns, (start: ProbeStart) => {
      const sought = soughtOf(start.world, start.netns, host)
      if (!sought.ok) return sought
      const known: Record<string, Target> = 'address' in sought.value ? { [url.hostname]: sought.value } : {}
      return succeeded({
        kind: 'http',
        place: start.place,
        watch: watchTo(start, sought.value),
        url: url.href,
        known,
        resolver: resolverOf(start.world, start.netns),
        timeoutMs: (timeout ?? timeoutSeconds) * 1000,
        maxRedirects: values['max-redirects'] ?? redirects,
        file,
        headers: header,
        head: values.head,
        insecure: values.insecure,
      })
    })
  },
})

function notAHeader(header: string): Failure {
  return {
    kind: 'usage',
    what: `--header: "${sanitise(header)}" is not a header`,
    subject: header,
    hint: 'give "Name: value" of plain characters',
  }
}
