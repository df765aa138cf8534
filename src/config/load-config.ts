/** The user's config file: looked for, read with care, checked. Where there is none, nothing is loaded to check it. */
import { join } from 'node:path'
import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import { readOwnFile } from '../lib/own-file.ts'
import { configFolder } from '../lib/own-folders.ts'
import { parseJson } from '../lib/parse-json.ts'
import type { Config } from './config-schema.ts'

/** `out of reach`: a folder on the way to it may not be searched; as if there were none. */
export type ConfigState = 'read' | 'none' | 'left out' | 'out of reach'

export type LoadedConfig = {
  /** Where it is or would be; null: the environment tells of no home. */
  readonly file: string | null
  readonly state: ConfigState
  readonly config: Config
}

type Env = Readonly<Record<string, string | undefined>>

const maxBytes = 64 * 1024

/** Where it is or would be; null: the environment tells of no home. */
export function configFile(env: Env): string | null {
  const folder = configFolder(env)
  return folder === null ? null : join(folder, 'config.json')
}

/** --no-config: as if there were none. */
export function withoutConfig(env: Env): LoadedConfig {
  return { file: configFile(env), state: 'left out', config: {} }
}

/** `uid`: who must own it, beside root; by default who runs this. */
export async function loadConfig(env: Env, uid?: number): Promise<Outcome<LoadedConfig>> {
  const file = configFile(env)
  if (file === null) return succeeded({ file, state: 'none', config: {} })
  const text = readOwnFile(file, { maxBytes, ...(uid === undefined ? {} : { uid }) })
  if (!text.ok) {
    const { hint } = text.failure
    const without = '--no-config starts without it'
    return failed({ ...text.failure, hint: hint === undefined ? without : `${hint}; ${without}` })
  }
  if (typeof text.value !== 'string') {
    const state = text.value.none === 'not there' ? 'none' : text.value.none
    return succeeded({ file, state, config: {} })
  }
  const { checkConfig, wrongConfig } = await import('./check-config.ts')
  const parsed = parseJson(text.value)
  if ('wrong' in parsed) return failed(wrongConfig(file, 'it', `is not JSON: ${parsed.wrong}`))
  const config = checkConfig(parsed.json, file)
  return config.ok ? succeeded({ file, state: 'read', config: config.value }) : config
}
