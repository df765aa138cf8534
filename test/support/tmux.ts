/** A program in a real tmux of its own server: what a person over SSH sees. Guard with `requires({ tools: ['tmux'] })`. */
import { spawnSync } from 'node:child_process'

export type TestTmux = {
  /** The pane's lines as tmux shows them, each as wide as it is. */
  lines(): readonly string[]
  send(...keys: readonly string[]): void
  resize(columns: number, rows: number): void
  waitFor(wanted: string | ((text: string) => boolean), limitMs?: number): Promise<string>
  close(): void
}

let count = 0

export function openTmux(command: readonly string[], columns = 80, rows = 24): TestTmux {
  count += 1
  const socket = `vethscope-test-${process.pid}-${count}`
  const tmux = (...args: readonly string[]) => {
    const result = spawnSync('tmux', ['-L', socket, '-f', '/dev/null', '-u', ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'C.UTF-8', TERM: 'xterm-256color' },
    })
    if (result.status !== 0) throw new Error(`tmux ${args.join(' ')}: ${result.stderr}`)
    return result.stdout
  }
  tmux('new-session', '-d', '-s', 'test', '-x', String(columns), '-y', String(rows), ...command)
  tmux('set-option', '-g', 'status', 'off')
  tmux('resize-window', '-t', 'test', '-x', String(columns), '-y', String(rows))
  const lines = () => tmux('capture-pane', '-p', '-t', 'test').replace(/\n$/, '').split('\n')

  return {
    lines,
    send: (...keys) => void tmux('send-keys', '-t', 'test', ...keys),
    resize: (newColumns, newRows) =>
      void tmux('resize-window', '-t', 'test', '-x', String(newColumns), '-y', String(newRows)),
    waitFor: async (wanted, limitMs = 8000) => {
      const end = Date.now() + limitMs
      for (;;) {
        const text = lines().join('\n')
        if (typeof wanted === 'string' ? text.includes(wanted) : wanted(text)) return text
        if (Date.now() > end) throw new Error(`tmux shows no ${String(wanted)} in ${limitMs} ms:\n${text}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    close: () => void spawnSync('tmux', ['-L', socket, 'kill-server']),
  }
}
