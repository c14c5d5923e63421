import type { Command } from 'commander'
import { verifyChain } from '../core/audit/store'
import type { Deps } from '../core/ctx'
import { secondFactorFaults } from '../core/second-factor/store'
import { listTenants } from '../core/tenants/store'
import type { Snapshot } from '../db/store'
import { AppError } from '../lib/errors'
import { caseChecks } from '../resources/cases/derived/check.store'
import { webhookFaults } from '../resources/webhooks/housekeeping.store'
import { print, printJson, withDeps } from './support'

type Check = {
  name: string
  find: (snapshot: Snapshot, secrets: Deps['secrets']) => string[] | Promise<string[]>
}

const checks: readonly Check[] = [
  { name: 'integrity of the file', find: (snapshot) => snapshot.integrityFaults() },
  { name: 'foreign keys', find: (snapshot) => snapshot.foreignKeyFaults() },
  ...caseChecks,
  { name: 'webhooks', find: webhookFaults },
  { name: 'second factors', find: secondFactorFaults },
  { name: 'audit chain', find: chainFaults },
]

async function chainFaults({ db }: Snapshot, secrets: Deps['secrets']): Promise<string[]> {
  const faults: string[] = []
  for (const { id, slug } of await listTenants(db)) {
    const { firstBroken } = await verifyChain(db, secrets, id)
    if (firstBroken !== null)
      faults.push(`${slug}: entry ${firstBroken} is missing or does not follow from the one before it`)
  }
  return faults
}

export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description(
      'check the store against a recount: file, keys, counters, references, search, webhooks, second factors, audit chain',
    )
    .option('--json', 'print JSON')
    .action(({ json }) =>
      withDeps((deps) =>
        deps.store.snapshot(async (snapshot) => {
          const results: { check: string; faults: string[] }[] = []
          for (const { name, find } of checks) {
            const faults = await find(snapshot, deps.secrets)
            results.push({ check: name, faults })
            if (!json) printResult(name, faults)
          }
          const failed = results.filter(({ faults }) => faults.length > 0)
          if (json) printJson({ ok: failed.length === 0, results })
          if (failed.length > 0)
            throw new AppError('internal', `${failed.length} of ${checks.length} checks failed`)
        }),
      ),
    )
}

function printResult(name: string, faults: readonly string[]): void {
  print(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${name}`)
  for (const fault of faults) print(`         ${fault}`)
}
