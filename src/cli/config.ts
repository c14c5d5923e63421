import type { Command } from 'commander'
import { describeConfig, loadConfig } from '../config'
import { print, printJson } from './support'

export function addConfigCommand(program: Command): void {
  program
    .command('config')
    .description('show the effective settings; secrets are masked')
    .option('--json', 'print JSON')
    .action(({ json }) => {
      const rows = describeConfig(loadConfig())
      if (json) return printJson(Object.fromEntries(rows.map(({ env, value }) => [env, value])))
      for (const { env, value, doc } of rows) print(`# ${doc}\n${env}=${value}\n`)
    })
}
