import { existsSync } from 'node:fs'
import { SQL } from 'bun'
import { createTestApp } from '../support/app'
import { type PostgresServer, startPostgres, whileFrozen } from '../support/postgres-server'
import { group } from './disk'
import { noPostgres, notTriedHere, type Row } from './place'

const [connections, freedWithinMs] = [10, 5_000]

/** Troubles a PostgreSQL server of its own, while somebody asks Reeve whether it is ready. */
async function onServer(
  trouble: (server: PostgresServer, ask: () => Promise<string>) => Promise<string>,
): Promise<string> {
  const server = await startPostgres(['-c', `max_connections=${connections}`]).catch(() => null)
  if (server === null) return noPostgres
  const app = await createTestApp({ DATABASE_URL: server.url, REEVE_DATABASE_POOL: '3' })
  try {
    return await trouble(server, async () => {
      const { status, body } = await app.send('GET', '/ready')
      return `ready: ${status} ${body.error ?? ''}`
    })
  } finally {
    await app.close()
    await server.stop()
  }
}

/** Ends the connections that Reeve has, and takes all that the server can give. */
async function takeConnections({ url }: PostgresServer, ask: () => Promise<string>): Promise<string> {
  const hold = () => new SQL(url, { max: 1, connectionTimeout: 5 })
  const first = hold()
  const held = [first, ...Array.from({ length: connections - 1 }, hold)]
  try {
    const count = async () => {
      const [{ all }] = await first.unsafe(
        `SELECT count(*)::int AS all, count(CASE WHEN pid <> pg_backend_pid() THEN pg_terminate_backend(pid) END)
         FROM pg_stat_activity WHERE backend_type = 'client backend'`,
      )
      return all as number
    }
    const giveUpAt = Date.now() + freedWithinMs
    while ((await count()) > 1 && Date.now() < giveUpAt) await Bun.sleep(20)
    await Promise.all(held.map((each) => each`SELECT 1`))
    return await ask()
  } finally {
    await Promise.allSettled(held.map((each) => each.close()))
  }
}

export const databaseServer: readonly Row[] = [
  {
    group,
    does: 'freezes the PostgreSQL server',
    answer: () =>
      existsSync('/proc/self/task')
        ? onServer((server, ask) => whileFrozen(server, ask))
        : Promise.resolve(notTriedHere('processes are found by /proc')),
    isRight: (answer) => answer === 'ready: 503 The database took too long to answer',
  },
  {
    group,
    does: 'takes all connections of the PostgreSQL server',
    answer: () => onServer(takeConnections),
    isRight: (answer) => answer === 'ready: 503 The database server has too many connections',
  },
]
