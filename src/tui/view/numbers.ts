/** Numbers as they are read at a glance: three digits and a decimal prefix (1 k = 1000). */

const prefixes = ['', 'k', 'M', 'G', 'T', 'P', 'E'] as const

/** `0`, `882`, `1.9k`, `44k`, `1.2M`; at most four characters. */
export function shortNumber(value: number): string {
  let scaled = value
  let at = 0
  while (scaled >= 999.5 && at < prefixes.length - 1) {
    scaled /= 1000
    at += 1
  }
  const digits = at > 0 && scaled < 9.95 ? scaled.toFixed(1) : String(Math.round(scaled))
  return `${digits}${prefixes[at]}`
}

/** Three digits of a number below a thousand: `0`, `0.25`, `9.9`, `120`. */
export function scaledNumber(value: number): string {
  if (value === 0) return '0'
  return value < 0.995 ? value.toFixed(2) : value < 9.95 ? value.toFixed(1) : String(Math.round(value))
}

/** `882 B`, `1.9 kB` */
export function bytes(value: number): string {
  const short = shortNumber(value)
  const prefix = /[a-zA-Z]$/.exec(short)?.[0] ?? ''
  return `${short.slice(0, short.length - prefix.length)} ${prefix}B`
}

/** A rate's column: `-` where it is not known. */
export function rate(value: number | undefined): string {
  return value === undefined ? '-' : shortNumber(value)
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
