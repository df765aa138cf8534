/** What the program can tell of itself, put together from the parts that know: config, screen, printer, reader. */
import { join } from 'node:path'
import type { LoadedConfig } from './config/load-config.ts'
import type { Program } from './command/program.ts'
import { succeeded, type Outcome } from './lib/failure.ts'
import { configFolder, stateFolder } from './lib/own-folders.ts'
import { unknown } from './model/known.ts'

export type ProgramOptions = {
  readonly version: string
  readonly config: Outcome<LoadedConfig>
  /** Where the config file is or would be, also if it cannot be used. */
  readonly configFile: string | null
  readonly env: Readonly<Record<string, string | undefined>>
}

export function ownProgram({ version, config, configFile, env }: ProgramOptions): Program {
  const settings = config.ok ? config.value.config : {}
  const chosen = async () => {
    const { chosenTheme } = await import('./tui/themes.ts')
    return chosenTheme({ configured: settings.theme, configFile }, env)
  }
  return {
    setup: async () => {
      const theme = await chosen()
      const folder = configFolder(env)
      return {
        config: { file: configFile, state: config.ok ? config.value.state : unknown(config.failure.what) },
        theme: theme.ok ? theme.value.name : unknown(theme.failure.what),
        paths: { themes: folder === null ? null : join(folder, 'themes'), state: stateFolder(env) },
      }
    },
    themes: async () => {
      const [{ listThemes }, { themePreview }, { sgrOf }, inUse] = await Promise.all([
        import('./tui/themes.ts'),
        import('./tui/theme-preview.ts'),
        import('./tui/render/sgr.ts'),
        chosen(),
      ])
      const themes = listThemes(env).map(({ name, file, theme }) => ({
        shape: {
          name,
          title: theme.ok ? theme.value.title : unknown(theme.failure.what),
          file,
          inUse: inUse.ok && inUse.value.name === name,
        },
        preview: theme.ok
          ? succeeded(
              themePreview(theme.value).map(({ role, sample, style }) => ({
                role,
                sample,
                sgr: sgrOf(style),
              })),
            )
          : theme,
      }))
      const trouble = config.ok ? (inUse.ok ? null : inUse.failure) : config.failure
      return { themes, trouble }
    },
    manPage: async () => {
      const [{ manPage }, { commands }] = await Promise.all([
        import('./cli/man-page.ts'),
        import('./command/table.ts'),
      ])
      return manPage(commands, version)
    },
    completion: async (shell) => {
      const [{ completionScript }, { commands }] = await Promise.all([
        import('./cli/completion/script.ts'),
        import('./command/table.ts'),
      ])
      return completionScript(shell, commands)
    },
  }
}
