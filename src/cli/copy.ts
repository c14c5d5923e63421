import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { type Config, loadConfig, processEnvironment } from '../config'
import { verifyChain } from '../core/audit/store'
import type { Deps, Secrets } from '../core/ctx'
import { listTenants } from '../core/tenants/store'
import { assertEmpty, copyTable, type TableSum } from '../db/copy'
import type { Db } from '../db/dialect'
import { createStore, lockStore, migrateStore } from '../db/open'
import { continueNumbering, inOneTransaction, tableNames } from '../db/postgres/copy'
import { tablesOf } from '../db/sqlite/catalogue'
import { storeFile } from '../db/sqlite/open'
import { createDeps } from '../deps'
import { systemClock } from '../lib/clock'
import { AppError } from '../lib/errors'
import { databaseUrl } from '../lib/setting'
import { indexedRows } from '../resources/cases/derived/check.store'
import { caseSearch } from '../resources/cases/derived/search-entry.store'
import { print, printJson, printTable } from './support'

type Options = { from: string; to: string; json?: boolean }

export function addCopyCommand(program: Command): void {
  program
    .command('copy')
    .description(
      'copy an embedded database to an empty PostgreSQL database and compare every row; all or nothing',
    )
    .requiredOption(
      '--from <sqlite:PATH>',
      'data directory of the embedded database, or the reeve.db in it',
      directoryOf,
    )
    .requiredOption('--to <postgres://…>', 'address of the PostgreSQL database', addressOf)
    .option('--json', 'print JSON')
    .action(copyStore)
}

function directoryOf(text: string): string {
  const path = /^sqlite:(.+)$/.exec(text)?.[1]
  if (path === undefined)
    throw new InvalidArgumentError('Give sqlite: and the data directory, such as sqlite:/var/lib/reeve.')
  const directory = existsSync(path) && statSync(path).isFile() ? dirname(path) : path
  if (!existsSync(storeFile(directory)))
    throw new InvalidArgumentError(`There is no database in ${directory}.`)
  return directory
}

function addressOf(text: string): string {
  const outcome = databaseUrl(text)
  if ('fault' in outcome) throw new InvalidArgumentError(`The address ${outcome.fault}.`)
  if (outcome.value === null)
    throw new InvalidArgumentError('Give an address, such as postgres://user:password@host/name.')
  return text
}

/** Nothing may serve the embedded store meanwhile, or the copy would miss later changes. */
async function copyStore({ from, to, json }: Options): Promise<void> {
  const config = loadConfig({ ...processEnvironment(), REEVE_DATA: from })
  const [source, target] = [null, to].map((address) => ({ ...config, databaseUrl: address })) as [
    Config,
    Config,
  ]
  const locks = [await lockStore(source, 'alone')]
  try {
    await migrateStore(source, systemClock)
    await createStore(target, systemClock)
    await migrateStore(target, systemClock)
    locks.push(await lockStore(target, 'alone'))
    // Opened like a server does, so that what an older store lacks is worked out first.
    const deps = await createDeps(source)
    const sums = await copyAll(deps, target).finally(() => deps.store.close())
    if (json) return printJson(sums)
    printTable(
      ['TABLE', 'ROWS', 'CHECKSUM'],
      sums.tables.map(({ table, rows, checksum }) => [table, String(rows), checksum.slice(0, 16)]),
    )
    print(
      `Copied and compared ${sums.tables.length} tables; the chain of ${sums.auditEntries} audit entries is intact.`,
    )
    print(
      'Run Reeve with DATABASE_URL and the same secret key. Keep the old data directory until you trust the copy.',
    )
  } finally {
    for (const lock of locks) await lock.release()
  }
}

type Copied = { tables: TableSum[]; auditEntries: number }

const copyAll = ({ store, secrets }: Deps, target: Config): Promise<Copied> =>
  store.snapshot(({ db: from }) =>
    inOneTransaction(target, async (to) => {
      // Other programs, such as those for backups, may keep tables of their own in the file.
      const ours = new Set(await tableNames(to))
      const tables = (await tablesOf(from)).filter(({ name }) => ours.has(name))
      await assertEmpty(to, tables)
      const sums: TableSum[] = []
      for (const table of tables) sums.push(await copyTable(from, to, table))
      await continueNumbering(to)
      await fillIndex(to)
      return { tables: sums, auditEntries: await verifyChains(to, secrets) }
    }),
  )

async function fillIndex(db: Db): Promise<void> {
  for await (const rows of indexedRows(db)) {
    await Promise.all(rows.map((row) => caseSearch.put(db, row.position, row)))
  }
}

/** Returns the number of audit entries; throws if a chain is broken. */
async function verifyChains(db: Db, secrets: Secrets): Promise<number> {
  let total = 0
  for (const { id, slug } of await listTenants(db)) {
    const { entries, firstBroken } = await verifyChain(db, secrets, id)
    if (firstBroken !== null) {
      throw new AppError(
        'internal',
        `The audit chain of ${slug} is broken at entry ${firstBroken}; nothing was copied`,
      )
    }
    total += entries
  }
  return total
}
