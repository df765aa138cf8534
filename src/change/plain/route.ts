/** A route added, and removed. */
import type { Failure } from '../../lib/failure.ts'
import { formatIp, parseIp } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { listOf } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Command, Fact, Step, Touch } from '../../model/plan.ts'
import type { Route } from '../../model/route.ts'
import { planned, refusal, refused, type Planner } from '../planner.ts'
import { restoreRoute, routeCommand, tableText } from '../restore/routes.ts'
import { nameAt } from '../restore/site.ts'
import { gatewayRefusal, isOwn, isSameIp, linkTo } from './gateway.ts'
import { factDestination, mainTable, routeWords, wantedOf, wantedText, type Wanted } from './route-asked.ts'
import { placeNamed, unlessAny, type NamedPlace } from './scene.ts'

/** IP6_RT_PRIO_USER (linux/ipv6_route.h): what an IPv6 route has where no metric is given. */
const usualInet6Metric = 1024

export const routeAdd: Planner<'route-add'> = (world, intent, context) => {
  const place = placeNamed(world, intent.netns, context)
  if (!place.ok) return place
  const wanted = wantedOf(place.value, intent)
  if (!wanted.ok) return wanted
  const link = wanted.value.link ?? linkTo(place.value, wanted.value)
  return unlessAny(whyNot(place.value, wanted.value, link), () => {
    const whole = { ...wanted.value, link }
    const command = (word: 'add' | 'delete'): Command => place.value.spot.ip(...routeWords(whole, word))
    const fact = (there: boolean): Fact => ({
      kind: 'route',
      at: place.value.spot.at,
      destination: factDestination(whole.family, whole.dst),
      table: whole.table,
      via: whole.via === null ? null : formatIp(whole.via),
      link: link?.name ?? null,
      metric: whole.metric,
      there,
    })
    const step: Step = {
      title: `add route ${wantedText(whole)} in ${place.value.name}`,
      command: command('add'),
      undo: [command('delete')],
      after: [fact(true)],
      before: [fact(false)],
      touches: [
        touchRoute(place.value, whole.table, factDestination(whole.family, whole.dst), 'add'),
        ...(link === null ? [] : [useOf(place.value, link)]),
      ],
    }
    return planned({ title: step.title, steps: [step], notes: [] })
  })
}

function whyNot(place: NamedPlace, wanted: Wanted, link: Link | null): readonly (Failure | null)[] {
  const { family, dst, via, src, table, metric } = wanted
  const { name } = place
  const no = (subject: string, what: string, hint?: string): Failure => refusal(subject, what, hint)
  const same = listOf(place.netns.routes).find(
    (route) =>
      route.family === family &&
      route.dst === dst &&
      route.table === table &&
      route.tos === 0 &&
      metricOf(route) === (metric ?? (family === 'inet6' ? usualInet6Metric : 0)),
  )
  const down = link !== null && !link.flags.includes('UP')
  return [
    same === undefined ? null : no(dst, alreadyThere(place, wanted, same), 'give it another --metric'),
    via === null && wanted.link === null
      ? no(
          dst,
          `route ${dst} in ${name} leads nowhere: it needs a gateway or a link`,
          'name one with via or dev',
        )
      : null,
    down
      ? no(link.name, `link ${sanitise(link.name)} in ${name} is down: it takes no routes`, 'set it up first')
      : null,
    via !== null && !down ? gatewayRefusal(place, wanted, via, link) : null,
    src !== null && !isOwn(place, src)
      ? no(formatIp(src), `${formatIp(src)} is no address of ${name}: it cannot be a route's source`)
      : null,
    src !== null && src.family !== family
      ? no(
          formatIp(src),
          `${formatIp(src)} cannot be the source of a route to ${dst}: it is of the other family`,
        )
      : null,
  ]
}

function metricOf({ metric }: Route): number {
  return metric ?? 0
}

function alreadyThere(place: NamedPlace, { dst, via, link }: Wanted, same: Route): string {
  const by = same.gateway === null ? '' : ` via ${same.gateway}`
  const name = same.oif === null ? null : nameAt(place, same.oif)
  const dev = name === null ? '' : ` by ${sanitise(name)}`
  const isSame =
    same.gateway === (via === null ? null : formatIp(via)) && (link === null || link.ifindex === same.oif)
  return isSame
    ? `${place.name} has the route ${dst}${by}${dev} already`
    : `${place.name} has another route ${dst} already:${by}${dev}`
}

export const routeRm: Planner<'route-rm'> = (world, intent, context) => {
  const place = placeNamed(world, intent.netns, context)
  if (!place.ok) return place
  const wanted = wantedOf(place.value, intent)
  if (!wanted.ok) return wanted
  const { name, spot } = place.value
  const isAnyFamily = intent.destination === 'default' && intent.via === undefined && intent.src === undefined
  const found = listOf(place.value.netns.routes).filter((route) => isMeant(route, wanted.value, isAnyFamily))
  const [route, ...more] = found
  if (route === undefined) {
    const what = `${name} has no route ${wantedText(wanted.value)}`
    return refused({
      kind: 'not-found',
      what,
      subject: wanted.value.dst,
      hint: `vethscope route ${name} ${wanted.value.dst === 'default' ? 'ADDRESS' : wanted.value.dst.split('/')[0]} tells which one is taken`,
    })
  }
  if (more.length > 0) {
    const shown = found.map((each) => routeText(place.value, each)).join(' or ')
    const what = `${wanted.value.dst} in ${name} could mean ${shown}`
    return refused({
      kind: 'ambiguous',
      what,
      subject: wanted.value.dst,
      hint: 'name its gateway, link or metric',
    })
  }
  const link = route.oif === null ? null : nameAt(place.value, route.oif)
  const fact = (there: boolean): Fact => ({
    kind: 'route',
    at: spot.at,
    destination: factDestination(route.family, route.dst),
    table: route.table,
    via: route.gateway,
    link,
    metric: route.metric,
    there,
  })
  const step: Step = {
    title: `remove route ${routeText(place.value, route)} in ${name}`,
    command: routeCommand(place.value, route, 'delete'),
    undo: restoreRoute(place.value, route),
    after: [fact(false)],
    before: [fact(true)],
    touches: [
      touchRoute(place.value, route.table, factDestination(route.family, route.dst), 'delete'),
      ...(link === null ? [] : [{ path: [spot.at, `link:${link}`], how: 'use' as const }]),
    ],
  }
  return planned({ title: step.title, steps: [step], notes: [] })
}

function isMeant(route: Route, wanted: Wanted, isAnyFamily: boolean): boolean {
  return (
    !route.cached &&
    route.dst === wanted.dst &&
    route.table === wanted.table &&
    (isAnyFamily || route.family === wanted.family) &&
    (wanted.via === null || isSameIp(parseIp(route.gateway ?? ''), wanted.via)) &&
    (wanted.link === null || route.oif === wanted.link.ifindex) &&
    (wanted.src === null || isSameIp(parseIp(route.prefSrc ?? ''), wanted.src)) &&
    (wanted.metric === null || metricOf(route) === wanted.metric)
  )
}

function routeText(place: NamedPlace, { dst, gateway, oif, metric, table }: Route): string {
  const name = oif === null ? null : nameAt(place, oif)
  return [
    dst,
    ...(gateway === null ? [] : [`via ${gateway}`]),
    ...(name === null ? [] : [`by ${sanitise(name)}`]),
    ...(metric === null ? [] : [`metric ${metric}`]),
    ...(table === mainTable ? [] : [`in table ${tableText(table)}`]),
  ].join(' ')
}

function touchRoute({ spot }: NamedPlace, table: number, destination: string, how: Touch['how']): Touch {
  return { path: [spot.at, `route:${table}:${destination}`], how }
}

function useOf({ spot }: NamedPlace, link: Link): Touch {
  return { path: [spot.at, `link:${link.name}`], how: 'use' }
}
