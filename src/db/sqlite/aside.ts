import type { SQLQueryBindings } from 'bun:sqlite'
import type { AsideRows } from '../aside-worker'
import { openConnection } from './connection'

export function asideRows(path: string): AsideRows {
  const connection = openConnection(path, 'reader')
  return async (sql, params) => connection.query(sql).values(...(params as SQLQueryBindings[]))
}
