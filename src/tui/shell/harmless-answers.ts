/**
 * What an emulator answers to questions of a program (what it is, where the cursor stands, which modes are on) goes back to that
 * program as if it had been typed. Only answers of numbers pass: one that held text of the question's choosing could be
 * typed into a shell by a file that somebody looks at.
 */
const harmless = /^\x1b\[[?>]?[0-9;]{0,64}(?:c|n|R|\$y)$/

/** The answer, or nothing where it is of another kind. */
export function harmlessAnswer(text: string): string {
  return harmless.test(text) ? text : ''
}
