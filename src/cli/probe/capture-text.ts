import { flowWords } from '../../derive/probe/capture-verdict.ts'
import type { CaptureResult } from '../../model/capture.ts'
import { clean, counted } from '../clean.ts'
import type { Style } from '../style.ts'

/** More of them are in the JSON. */
const mostFlows = 20

/** What is printed when it has ended; its lines were printed as they came. */
export function captureText(result: CaptureResult, style: Style): readonly string[] {
  return [
    ...totals(result, style),
    ...result.links.map(({ label, packets, ended }) =>
      [`  ${clean(label)}: ${counted(packets, 'packet')}`, ...(ended === null ? [] : [clean(ended)])].join(
        ', ',
      ),
    ),
    ...(result.onWay ? flowLines(result, style) : []),
  ]
}

function totals({ captured, dropped, file, because }: CaptureResult, style: Style): readonly string[] {
  const lost =
    dropped === null ? 'how many the kernel dropped is not known' : `${dropped} dropped by the kernel`
  // Of packets that are kept whole only a thousand fit into the kernel's ring.
  const hint = dropped === null || dropped === 0 ? '' : ': --snap 256 makes room for more of them'
  const told = `${counted(captured, 'packet')} captured, ${lost}${hint}`
  const why = because === 'links gone' ? [style.paint('red', 'all links are gone')] : []
  return ['', told, ...(file === null || file === '-' ? [] : [`written to ${clean(file)}`]), ...why]
}

function flowLines({ flows, moreFlows }: CaptureResult, style: Style): readonly string[] {
  const more = Math.max(0, flows.length - mostFlows) + moreFlows
  return [
    ...flows.slice(0, mostFlows).flatMap((flow) => {
      const [first = '', ...rest] = flowWords(flow).map((each) => clean(each))
      const isLost = flow.next !== null || (flow.back !== null && flow.back.next !== null)
      return [isLost ? style.paint('yellow', first) : first, ...rest.map((line) => `    ${line}`)]
    }),
    ...(more === 0 ? [] : [`${counted(more, 'more flow')}: --json tells them`]),
  ]
}
