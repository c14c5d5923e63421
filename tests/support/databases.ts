import { SQL } from 'bun'

export type Database = { url: string; drop(): Promise<void> }

/** One for all keys: two processes that each wait for the other's template would wait for ever. */
const lockId = 7_238_003
const closesWithinMs = 5_000

const templates = new Map<string, Promise<string>>()
let connection: SQL | undefined
let count = 0

/** A database of its own for one test, on the server of REEVE_TEST_POSTGRES; empty where no template is named. */
export async function freshDatabase(template = 'template0'): Promise<Database> {
  count += 1
  const name = `reeve_test_${process.pid}_${count}_${crypto.randomUUID().slice(0, 8)}`
  await create(name, template)
  return { url: urlOf(name), drop: () => drop(name) }
}

/**
 * The name of a database to clone, made once per server for a key, whichever process asks first. `prepare` fills it
 * and closes its connections.
 */
export function templateDatabase(key: string, prepare: (url: string) => Promise<void>): Promise<string> {
  const known = templates.get(key)
  if (known) return known
  const made = makeTemplate(key, prepare)
  templates.set(key, made)
  made.catch(() => templates.delete(key))
  return made
}

async function makeTemplate(key: string, prepare: (url: string) => Promise<void>): Promise<string> {
  const name = `reeve_template_${new Bun.CryptoHasher('sha256').update(key).digest('hex').slice(0, 32)}`
  const sql = admin()
  await sql`SELECT pg_advisory_lock(${lockId}::bigint)`
  try {
    if ((await sql`SELECT 1 FROM pg_database WHERE datname = ${name}`).length > 0) return name
    // Only one that is whole bears the name: a process may end while it prepares.
    const unfinished = `${name}_new`
    await drop(unfinished)
    await create(unfinished, 'template0')
    await prepare(urlOf(unfinished))
    await untilUnused(unfinished)
    await sql.unsafe(`ALTER DATABASE ${unfinished} ALLOW_CONNECTIONS false`)
    await sql.unsafe(`ALTER DATABASE ${unfinished} RENAME TO ${name}`)
    return name
  } finally {
    await sql`SELECT pg_advisory_unlock(${lockId}::bigint)`
  }
}

/** A copy of the files is twice as fast as one by way of the log, which is the default. */
async function create(name: string, template: string): Promise<void> {
  await admin().unsafe(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`)
}

/** `FORCE` alone looks only every 100 ms whether the connections are gone. */
async function drop(name: string): Promise<void> {
  const terminate = () =>
    admin()`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${name}`
  await untilNone(terminate, `A connection to the database ${name} does not end`)
  await admin().unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
}

async function untilUnused(name: string): Promise<void> {
  const connections = () => admin()`SELECT pid FROM pg_stat_activity WHERE datname = ${name}`
  await untilNone(connections, `A connection to the database ${name} was left open`)
}

async function untilNone(rows: () => Promise<unknown[]>, complaint: string): Promise<void> {
  const deadline = Date.now() + closesWithinMs
  while ((await rows()).length > 0) {
    if (Date.now() > deadline) throw new Error(complaint)
    await Bun.sleep(2)
  }
}

/** The one connection that makes and drops databases, which therefore happens one at a time. */
function admin(): SQL {
  connection ??= new SQL(serverUrl(), { max: 1 })
  return connection
}

function urlOf(name: string): string {
  const url = new URL(serverUrl())
  url.pathname = `/${name}`
  return url.href
}

function serverUrl(): string {
  const url = process.env.REEVE_TEST_POSTGRES
  if (!url) throw new Error('REEVE_TEST_POSTGRES names no server: run the tests with npm test')
  return url
}
