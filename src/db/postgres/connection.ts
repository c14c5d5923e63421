import { readFileSync } from 'node:fs'
import { type ReservedSQL, SQL } from 'bun'
import { AppError } from '../../lib/errors'
import { within } from '../../lib/within'
import type { StorePlace } from '../store'
import type { Rows } from './session'

export const addressOf = ({ databaseUrl }: StorePlace): string => databaseUrl as string

/** Time limit for opening a connection. */
const connectSeconds = 5

type Options = { max: number; settings?: Record<string, string>; prepare?: boolean; idleSeconds?: number }

/** The address may have `sslmode` and `sslrootcert` (a file), with the same meaning as in PostgreSQL's own tools. */
export function openPool(
  url: string,
  { max, settings = {}, prepare = true, idleSeconds = 300 }: Options,
): SQL {
  const address = new URL(url)
  const root = address.searchParams.get('sslrootcert')
  address.searchParams.delete('sslrootcert')
  return new SQL({
    url: address.href,
    max,
    prepare,
    connectionTimeout: connectSeconds,
    idleTimeout: idleSeconds,
    connection: { application_name: 'reeve', ...settings },
    ...(root === null ? {} : { tls: { ca: readRoot(root) } }),
  })
}

function readRoot(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new AppError('unavailable', `The certificate file ${path} cannot be read`, {}, cause)
  }
}

/** Runs statements on this connection, each within the limit if one is given. */
export const rowsOf =
  (connection: SQL | ReservedSQL, limitMs?: number): Rows =>
  async (statement, params) => {
    const answer = connection.unsafe(statement, params as never[]).values()
    return limitMs === undefined ? await answer : await within(limitMs, answer)
  }

/** As long as a slow read is waited for, in milliseconds. */
const slowReadSettings = { default_transaction_read_only: 'on', statement_timeout: '10000' }

/** Not prepared: the best plan depends on the values searched for. */
export const openSlowReader = (url: string): Rows =>
  rowsOf(openPool(url, { max: 4, settings: slowReadSettings, prepare: false }))
