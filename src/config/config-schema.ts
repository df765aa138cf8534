/** What the config file may hold. Loaded only where there is such a file: zod takes its time. */
import { z } from 'zod'

const named =
  'up|down|left|right|home|end|insert|delete|pageup|pagedown|enter|escape|tab|space|backspace|f(?:[1-9]|1[0-2])'
/** As the screen names keys: a character, or a name, with C- (Ctrl), M- (Alt), S- (Shift) before it, in this order. */
const key = z
  .string()
  .regex(new RegExp(`^(?:C-)?(?:M-)?(?:(?:S-)?(?:${named})|[^\\p{C}\\p{Z}])$`, 'u'))
  .meta({
    description:
      'A character (x, X, /), or a name (enter, pageup, f5), after C- for Ctrl, M- for Alt, S- for Shift',
  })
const path = z.string().max(4096).regex(/^\//).meta({ description: 'An absolute path' })

export const configSchema = z
  .strictObject({
    $schema: z.string().optional(),
    theme: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: 'Name of a theme: vethscope themes lists them' }),
    keys: z
      .record(z.string(), z.array(key).max(16))
      .optional()
      .meta({ description: 'Action → the keys that do it, in place of its own' }),
    leaveKey: z
      .string()
      .regex(/^C-[abd-gklno-y\]\\^_]$/)
      .optional()
      .meta({
        description:
          'Leaves a shell: C- and a letter (not c, z or what Tab, Enter and Backspace send), C-] (the usual), C-\\, C-^, C-_',
      }),
    sockets: z
      .strictObject({
        docker: z.array(path).max(16).optional(),
        podman: z.array(path).max(16).optional(),
      })
      .optional()
      .meta({ description: 'More sockets at which engines are asked, beside those that are found' }),
    mouse: z.boolean().optional().meta({ description: 'Use the mouse from the beginning' }),
    ascii: z.boolean().optional().meta({ description: 'Draw with ASCII also where the terminal has more' }),
  })
  .meta({ title: 'vethscope config.json' })

export type Config = z.infer<typeof configSchema>
