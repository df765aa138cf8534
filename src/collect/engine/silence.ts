/** How long an engine may keep silent before it counts as one that hangs. */
export const silenceMs = 2000

/** For what is planned and compared with it: one that is only busy is waited for. */
export const patientMs = 10_000

const said = 'no answer from the socket in '

export function noAnswer(ms: number): string {
  return `${said}${ms / 1000} s`
}

/** Also at the end of a longer sentence. */
export function isNoAnswer(text: string): boolean {
  return text.includes(said)
}
