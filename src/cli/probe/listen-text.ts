import { listenVerdict } from '../../derive/probe/listen-verdict.ts'
import type { ListenResult } from '../../model/probe-result.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; who came was printed as they came. */
export function listenText(result: ListenResult, style: Style): readonly string[] {
  const { ok, says } = listenVerdict(result)
  return [ok === false ? style.paint('yellow', says) : says]
}
