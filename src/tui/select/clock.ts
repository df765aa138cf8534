/** Times as people at this host read them: its own time zone. */

const two = (value: number): string => String(value).padStart(2, '0')

/** `14:03` */
export function hourMinute(ms: number): string {
  const at = new Date(ms)
  return Number.isNaN(at.getTime()) ? '--:--' : `${two(at.getHours())}:${two(at.getMinutes())}`
}

/** `14:03:22` */
export function clockTime(ms: number): string {
  const at = new Date(ms)
  return Number.isNaN(at.getTime()) ? '--:--:--' : `${hourMinute(ms)}:${two(at.getSeconds())}`
}

/** `20261121T140322Z`, for a file's name. */
export function fileTime(ms: number): string {
  const at = new Date(ms)
  return Number.isNaN(at.getTime()) ? 'unknown-time' : at.toISOString().replace(/[-:]|\.\d+/g, '')
}
