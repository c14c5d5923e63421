import type { Command } from 'commander'
import { type Config, loadConfig } from '../config'
import { verifyChain } from '../core/audit/store'
import type { Secrets } from '../core/ctx'
import { secondFactorFaults } from '../core/second-factor/store'
import { listTenants, readStoreFact } from '../core/tenants/store'
import { damaged, storeFault } from '../db/faults'
import { openStore, readSnapshot } from '../db/open'
import type { Snapshot } from '../db/store'
import { deriveSecrets } from '../deps'
import { systemClock } from '../lib/clock'
import { AppError } from '../lib/errors'
import { exposureOf } from '../lib/key-file'
import { keyFileOf, loadSecretKeys, notItsKey } from '../lib/secret-keys'
import { caseChecks, rowCounts } from '../resources/cases/derived/check.store'
import { webhookFaults } from '../resources/webhooks/housekeeping.store'
import { print, printJson } from './support'

type Check = {
  name: string
  needsKey?: boolean
  find: (snapshot: Snapshot, secrets: Secrets) => string[] | Promise<string[]>
}

type Result = { check: string; faults: string[] }

const checks: readonly Check[] = [
  { name: 'integrity of the file', find: (snapshot) => snapshot.integrityFaults() },
  { name: 'foreign keys', find: (snapshot) => snapshot.foreignKeyFaults() },
  ...caseChecks,
  { name: 'webhooks', find: webhookFaults, needsKey: true },
  { name: 'second factors', find: secondFactorFaults, needsKey: true },
  { name: 'audit chain', find: chainFaults, needsKey: true },
]

async function chainFaults({ db }: Snapshot, secrets: Secrets): Promise<string[]> {
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
      'check the database against a recount: secret key, file, keys, counters, references, search, webhooks, second factors, audit chain',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }) => {
      const config = loadConfig()
      const opening = await openingFaults(config)
      await readSnapshot(config, (snapshot) =>
        checkStore(config, snapshot, { isJson: json === true, opening }),
      )
    })
}

/** Damage may be such that a server could not open the store; the checks say more. Other faults are thrown. */
async function openingFaults(config: Config): Promise<string[]> {
  try {
    const store = await openStore(config, systemClock)
    await store.close()
    return []
  } catch (error) {
    if (storeFault(error) !== damaged && !(error instanceof AppError && error.message === damaged))
      throw error
    return [`${damaged}: restore a backup`]
  }
}

type Manner = { isJson: boolean; opening: string[] }

/** Every check runs, whatever the others meet. */
async function checkStore(config: Config, snapshot: Snapshot, { isJson, opening }: Manner): Promise<void> {
  const place = config.databaseUrl === null ? config.data : 'the database server'
  const counts = await snapshot.attempt(() => rowCounts(snapshot.db)).catch(() => null)
  if (!isJson) print(counts === null ? `Checking ${place}` : `Checking ${place}: ${wordsOf(counts)}`)
  const results: Result[] = []
  const keep = (result: Result) => {
    results.push(result)
    if (!isJson) printResult(result)
  }
  if (opening.length > 0) keep({ check: 'opening', faults: opening })
  const known = await snapshot.attempt(() => readStoreFact(snapshot.db, 'key')).catch(() => undefined)
  const key = await checkKey(config, known)
  keep(key.result)
  for (const check of checks) keep(await run(check, snapshot, key.secrets))
  const failed = results.filter(({ faults }) => faults.length > 0)
  if (isJson) printJson({ ok: failed.length === 0, store: { place, ...counts }, results })
  if (failed.length > 0) throw new AppError('internal', `${failed.length} of ${results.length} checks failed`)
}

const wordsOf = ({ councils, cases, auditEntries }: Awaited<ReturnType<typeof rowCounts>>) =>
  `councils ${councils}, cases ${cases}, audit entries ${auditEntries}`

/** Null secrets if the key cannot be read, or is that of another database. */
async function checkKey(
  config: Config,
  known: string | undefined,
): Promise<{ result: Result; secrets: Secrets | null }> {
  const check = 'secret key'
  try {
    const secrets = await deriveSecrets(loadSecretKeys(config))
    if (known !== undefined && !secrets.seal.some(({ id }) => id === known)) {
      return { result: { check, faults: [notItsKey(config)] }, secrets: null }
    }
    const path = keyFileOf(config)
    const exposure = path === null ? null : exposureOf(path)
    return { result: { check, faults: exposure === null ? [] : [exposure] }, secrets }
  } catch (error) {
    return { result: { check, faults: [reasonOf(error)] }, secrets: null }
  }
}

async function run(
  { name, needsKey, find }: Check,
  snapshot: Snapshot,
  secrets: Secrets | null,
): Promise<Result> {
  if (needsKey && secrets === null)
    return { check: name, faults: ['not checked: the secret key is missing or wrong'] }
  try {
    return { check: name, faults: await snapshot.attempt(async () => find(snapshot, secrets as Secrets)) }
  } catch (error) {
    return { check: name, faults: [`not finished: ${reasonOf(error)}`] }
  }
}

/** The message of another error may repeat what the store holds. */
const reasonOf = (error: unknown): string =>
  storeFault(error) ?? (error instanceof AppError ? error.message : (error as Error).name)

const shownFaults = 20

function printResult({ check, faults }: Result): void {
  print(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${check}`)
  for (const fault of faults.slice(0, shownFaults)) print(`         ${fault}`)
  if (faults.length > shownFaults) print(`         and ${faults.length - shownFaults} more`)
}
