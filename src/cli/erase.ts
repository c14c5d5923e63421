import type { Command } from 'commander'
import { eraseCases } from '../resources/cases/erase.service'
import { print, withTenant } from './support'

export function addEraseCommand(program: Command): void {
  program
    .command('erase')
    .description('remove data for good')
    .command('cases <reference...>')
    .description(
      'erase cases with their history and residents, all or none; backups made before still hold them',
    )
    .requiredOption('--tenant <slug>', 'the council')
    .requiredOption('--yes', 'that this cannot be undone is understood')
    .action((references: string[], { tenant }) =>
      withTenant(tenant, async (ctx) => {
        const erased = await eraseCases(ctx, references)
        print(`Erased ${erased.join(', ')}.`)
      }),
    )
}
