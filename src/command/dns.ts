import type { NameServer } from '../derive/probe/resolv-conf.ts'
import { failed, succeeded, type Failure, type Outcome } from '../lib/failure.ts'
import { sanitise } from '../lib/sanitise.ts'
import { dnsTypes, type Target } from '../model/probe.ts'
import { command } from './command.ts'
import { probeFrom, watchTo, type ProbeStart } from './probe-flow.ts'

const timeoutSeconds = 5

export const dns = command({
  name: 'dns',
  summary: 'a name as a program inside finds it, and what each of its name servers says',
  description: [
    'Files and servers are those of the namespace: /etc/netns/NAME of a named one, /etc of a container’s. /etc/hosts answers first where nsswitch.conf says so. The search list, ndots, timeout and attempts of resolv.conf hold. No tool is needed there.',
    'All servers are asked; the first of them that knows decides, as it does for a program. Exit 1: no answer, or no such name.',
  ],
  examples: [
    'vethscope dns web redis123',
    'vethscope dns web 172.17.0.2',
    'vethscope dns host example.org --type AAAA --server 192.0.2.53',
  ],
  needs: 'world',
  arguments: {
    netns: { value: 'NETNS', summary: 'where it is asked', required: true },
    name: { value: 'NAME', summary: 'a name, or an address whose names are wanted', required: true },
  },
  options: {
    type: {
      type: 'choice',
      choices: dnsTypes,
      summary: 'the record: both A and AAAA, or PTR of an address, where it is not given',
    },
    server: {
      type: 'text',
      value: 'SERVER',
      summary: 'ask this one only, with its port where that is not 53: 192.0.2.53:5353',
    },
    timeout: {
      type: 'seconds',
      value: 'S',
      min: 0.05,
      max: 300,
      summary: `how long a server is waited for, at most (${timeoutSeconds})`,
    },
  },
  run: async (deps, { netns, name, type, server, timeout }) => {
    const [{ resolverOf }, { reverseName }, { nameServer, parseResolvConf }, { soughtOf }] =
      await Promise.all([
        import('../derive/probe/resolver.ts'),
        import('../derive/probe/reverse-name.ts'),
        import('../derive/probe/resolv-conf.ts'),
        import('../derive/probe/sought.ts'),
      ])
    const isAddress = reverseName(name) !== null
    if (isAddress && type !== undefined && type !== 'PTR') return failed(addressHasNone(name, type))
    if (!isName(name)) return failed(notAName(name))
    const serverOf = (start: ProbeStart): Outcome<NameServer | null> => {
      if (server === undefined) return succeeded(null)
      const given = nameServer(server)
      if (given !== null) return succeeded(given)
      const sought = soughtOf(start.world, start.netns, server)
      if (!sought.ok) return sought
      const found = 'address' in sought.value ? nameServer(sought.value.address) : null
      return found === null ? failed(notAServer(server)) : succeeded(found)
    }
    return probeFrom(deps, netns, (start) => {
      const chosen = serverOf(start)
      if (!chosen.ok) return chosen
      const resolver = resolverOf(start.world, start.netns)
      return succeeded({
        kind: 'dns',
        place: start.place,
        watch: watchTo(
          start,
          ...(chosen.value === null ? parseResolvConf(resolver.resolvConf).servers : [chosen.value]).map(
            asTarget,
          ),
        ),
        name,
        type: type ?? null,
        resolver,
        server: chosen.value?.text ?? null,
        timeoutMs: (timeout ?? timeoutSeconds) * 1000,
      })
    })
  },
})

/** As long as a name may be; what is in it is the server's to judge, but for what no name has. */
function isName(name: string): boolean {
  return name !== '' && name.length <= 254 && !name.startsWith('-') && !/[\s\p{Cc}\p{Cf}]/u.test(name)
}

function asTarget({ text, address, family }: NameServer): Target {
  return { text, address, family, from: null }
}

function notAName(name: string): Failure {
  return {
    kind: 'usage',
    what: name === '' ? 'there is no name' : `"${sanitise(name.slice(0, 60))}" is not a name`,
    subject: name,
    hint: 'give a host name or an address',
  }
}

function addressHasNone(name: string, type: string): Failure {
  return {
    kind: 'usage',
    what: `${name} is an address: it has no ${type} record`,
    subject: name,
    hint: 'leave --type out to ask for its names',
  }
}

function notAServer(server: string): Failure {
  return {
    kind: 'usage',
    what: `--server: "${sanitise(server)}" is neither an address nor a container`,
    subject: server,
    hint: 'give the address of a name server, or the name of the container that it runs in',
  }
}
