import type { Command } from 'commander'
import { loadConfig } from '../config'
import { migrateStore, readMigrationStatus } from '../db/open'
import { systemClock } from '../lib/clock'
import { print, printJson, printTable } from './support'

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description(
      'update the database to this version; an embedded one that needs it is first copied to backups/',
    )
    .option('--status', 'only show which migrations are applied')
    .option('--json', 'print JSON')
    .action(async ({ status, json }) => {
      const config = loadConfig()
      if (status) {
        const rows = await readMigrationStatus(config)
        if (json) printJson(rows)
        else
          printTable(
            ['MIGRATION', 'APPLIED'],
            rows.map(({ name, appliedAt }) => [name, appliedAt?.toISOString() ?? 'pending']),
          )
        return
      }
      const { applied, backup } = await migrateStore(config, systemClock)
      if (json) return printJson({ applied, backup })
      print(
        applied.length === 0
          ? 'Nothing to do: the database is up to date.'
          : `Applied ${applied.join(', ')}.`,
      )
      if (backup) print(`The database as it was before: ${backup}`)
    })
}
