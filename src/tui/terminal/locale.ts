/** Whether the terminal is told to speak UTF-8: LC_ALL, else LC_CTYPE, else LANG, as setlocale(3) chooses. */
export function isUtf8(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  )
  return locale !== undefined && /utf-?8/i.test(locale)
}
