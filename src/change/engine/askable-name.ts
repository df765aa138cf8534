/** Whether a request that names a thing by its name reaches that thing: Docker takes almost any text for the name of a network. */
import { sanitise } from '../../lib/sanitise.ts'

type Named = { readonly id: string; readonly name: string }

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f]/

/** `it is the id of network web`; null: it does. */
export function whyNotByName({ id, name }: Named, what: string, all: readonly Named[]): string | null {
  // An engine looks for whole ids before names.
  const other = all.find((each) => each.id === name && each.id !== id)
  if (other !== undefined) return `it is the id of ${what} ${sanitise(other.name)}`
  if (name === '') return 'it is empty'
  if (control.test(name)) return 'it holds control characters'
  // A server makes another path of these, also where they are percent-encoded (path.Clean of Go).
  return name.split('/').some((each) => each === '' || each === '.' || each === '..')
    ? 'it reads as a path'
    : null
}
