/** How long an engine may keep silent before it counts as one that hangs. */
export const silenceMs = 2000

export const noAnswer = `no answer from the socket in ${silenceMs / 1000} s`
