import type { Command } from 'commander'
import { eraseCases } from '../resources/cases/erase.service'
import { print, withTenant } from './support'

export function addEraseCommand(program: Command): void {
  program
    .command('erase')
    .description('delete data permanently')
    .command('cases <reference...>')
    .description(
      'erase cases with their history and residents’ details, or none if one is not found; earlier backups still contain them',
    )
    .requiredOption('--tenant <short-name>', 'the council')
    .requiredOption('--yes', 'confirm that this cannot be undone')
    .action((references: string[], { tenant }) =>
      withTenant(tenant, async (ctx, deps) => {
        await eraseCases(ctx, deps, references, (erased) => print(`Erased ${erased.join(', ')}.`))
      }),
    )
}
