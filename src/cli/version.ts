import type { Command } from 'commander'
import { commit, version } from '../lib/version'
import { print, printJson } from './support'

export function addVersionCommand(program: Command): void {
  program
    .command('version')
    .description('show the version')
    .option('--json', 'print JSON')
    .action(({ json }) => {
      if (json) printJson({ name: 'reeve', version, commit, bun: Bun.version })
      else print(`reeve ${version}${commit ? ` (${commit.slice(0, 12)})` : ''}, Bun ${Bun.version}`)
    })
}
