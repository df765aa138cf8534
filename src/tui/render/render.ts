/**
 * Frame → screen: one plain blessed box a region, whose content changes only when its lines did. An unchanged frame
 * writes nothing; what did change goes out as blessed's difference to what the terminal already shows.
 */
import type { Frame, Region, Size } from '../frame.ts'
import type { Theme } from '../theme.ts'
import type { ColourDepth } from '../theme-depth.ts'
import { openBlessed, type BlessedBox } from './blessed-screen.ts'
import { lateCharts } from './late-charts.ts'
import { paintLine, paintOf } from './paint-line.ts'

export type Renderer = {
  draw(frame: Frame): void
  /** The next frame is drawn whole, on a terminal of this size. */
  resize(size: Size): void
  /** The next frame is drawn whole, whatever the terminal shows now. */
  redraw(): void
  /** The next frame is drawn whole, with these colours. */
  setTheme(theme: Theme): void
  /** Leaves the alternate screen, cursor shown; `enter` comes back to it and draws the last frame again. */
  leave(): void
  enter(): void
  close(): void
}

export type RendererOptions = {
  readonly term: string
  readonly utf8: boolean
  readonly size: Size
  readonly theme: Theme
  /** How many colours there are for what has its own. */
  readonly depth?: ColourDepth
  write(text: string): void
}

type Drawn = { readonly box: BlessedBox; region: Region; content: string }

export function openRenderer(options: RendererOptions): Renderer {
  const blessed = openBlessed(options)
  const { screen } = blessed
  let paint = paintOf(options.theme, !options.utf8, options.depth)
  let drawn = new Map<string, Drawn>()
  let last: Frame | null = null
  let closed = false
  let left = false
  const charts = lateCharts(!options.utf8 || options.term.startsWith('linux'), () => again())

  const arrange = (frame: Frame) => {
    const ids = frame.regions.map((region) => region.id)
    const same = ids.length === drawn.size && [...drawn.keys()].every((id, at) => id === ids[at])
    if (same) return false
    for (const [, { box }] of drawn) box.detach()
    drawn = new Map(
      frame.regions.map((region) => {
        const old = drawn.get(region.id)
        const box = old?.box ?? blessed.box()
        screen.append(box)
        return [region.id, { box, region: old?.region ?? nowhere(region), content: old?.content ?? '' }]
      }),
    )
    return true
  }

  const update = (region: Region): 'moved' | 'changed' | 'same' => {
    const known = drawn.get(region.id)
    if (known === undefined) return 'same'
    const moved = !samePlace(known.region, region)
    const { lines, chart } = region
    if (!moved && known.region.lines === lines && known.region.chart === chart) return 'same'
    known.region = region
    const shown = chart === undefined ? lines : charts(chart, region.width, region.height)
    const content = Array.from({ length: region.height }, (_, row) =>
      paintLine(shown[row], region.width, paint),
    ).join('\n')
    if (moved) Object.assign(known.box.position, place(region))
    if (!moved && content === known.content) return 'same'
    known.content = content
    known.box.setContent(content)
    return moved ? 'moved' : 'changed'
  }

  /** An input line has a cursor; each drawing leaves it elsewhere. */
  const placeCursor = (frame: Frame, redrawn: boolean) => {
    const { program } = screen
    const { cursor } = frame
    if (cursor === null) {
      if (!program.cursorHidden) program.hideCursor()
      return
    }
    const before = last?.cursor
    if (!redrawn && !program.cursorHidden && before?.row === cursor.row && before.column === cursor.column)
      return
    program.put.cup(cursor.row, cursor.column)
    if (program.cursorHidden) program.showCursor()
  }

  const draw = (frame: Frame) => {
    if (closed || left || frame === last) return
    const arranged = arrange(frame)
    const outcomes = frame.regions.map(update)
    // What a box uncovers belongs to nobody until the next one is drawn there.
    if (arranged || outcomes.includes('moved')) {
      screen.clearRegion(0, screen.program.cols, 0, screen.program.rows)
    }
    const redrawn = arranged || outcomes.some((outcome) => outcome !== 'same')
    if (redrawn) screen.render()
    placeCursor(frame, redrawn)
    last = frame
    screen.program.flush()
  }
  const again = () => {
    const frame = last
    last = null
    for (const known of drawn.values()) known.region = nowhere(known.region)
    if (frame !== null) draw(frame)
  }

  const forget = () => {
    if (closed || left) return
    screen.alloc()
    last = null
    for (const known of drawn.values()) known.region = nowhere(known.region)
  }

  return {
    draw,
    redraw: forget,
    setTheme: (theme) => {
      paint = paintOf(theme, !options.utf8, options.depth)
      forget()
    },
    resize: (size) => {
      screen.program.cols = size.columns
      screen.program.rows = size.rows
      forget()
    },
    leave: () => {
      if (closed || left) return
      left = true
      screen.leave()
      screen.program.flush()
    },
    enter: () => {
      if (closed || !left) return
      left = false
      screen.enter()
      again()
    },
    close: () => {
      if (closed) return
      closed = true
      screen.destroy()
    },
  }
}

/** A place where no region is, so that the next one counts as moved and is painted. */
function nowhere(region: Region): Region {
  return { ...region, top: -1, width: 0 }
}

function place({ top, left, width, height }: Region) {
  return { top, left, width, height }
}

function samePlace(a: Region, b: Region): boolean {
  return a.top === b.top && a.left === b.left && a.width === b.width && a.height === b.height
}
