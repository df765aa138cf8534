/**
 * A text of its own. V8 keeps what was cut out of a long text as a reference to the whole: one rule's words would hold
 * all that the tool printed for as long as the rule is kept.
 */
export function flatText(cut: string): string {
  return Buffer.from(cut, 'utf8').toString('utf8')
}
