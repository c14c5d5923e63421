import { Database } from 'bun:sqlite'
import type { IndexedRow, IndexedRows, Snapshot } from '../store'
import { openConnection } from './connection'
import { databaseOn } from './engine'
import { columnsOf } from './search'

export async function withSnapshot<T>(path: string, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const connection = openConnection(path, 'reader')
  try {
    connection.run('BEGIN')
    return await work({
      db: databaseOn(connection),
      attempt: (reads) => reads(),
      integrityFaults: async () => integrityFaults(connection),
      foreignKeyFaults: async () => foreignKeyFaults(connection),
      searchFaults: (index) => searchFaults(connection, index),
    })
  } finally {
    connection.close()
  }
}

const shownFaults = 20

function integrityFaults(connection: Database): string[] {
  const rows = connection.query(`PRAGMA integrity_check(${shownFaults})`).values() as [string][]
  return rows.map(([fault]) => fault).filter((fault) => fault !== 'ok')
}

function foreignKeyFaults(connection: Database): string[] {
  const rows = connection.query('PRAGMA foreign_key_check').values() as [string, number, string, number][]
  return rows.map(([table, row, parent]) => `${table} row ${row} refers to a missing row of ${parent}`)
}

type Word = [term: string, row: number, column: string, offset: number]

/** Compares the index word by word with one rebuilt from the rows. */
async function searchFaults(connection: Database, { name, after, rows }: IndexedRows): Promise<string[]> {
  const declared = connection.query('SELECT sql FROM sqlite_master WHERE name = ?').values(name)
  // A temporary file that is deleted with the connection.
  const rebuilt = new Database('')
  try {
    rebuilt.run(String(declared[0]?.[0]))
    for await (const part of rows) fill(rebuilt, name, part)
    return differences(wordsOf(connection, name, after), wordsOf(rebuilt, name, after))
  } finally {
    rebuilt.close()
  }
}

function fill(database: Database, name: string, rows: readonly IndexedRow[]): void {
  database.run('BEGIN')
  const insert = database.query(`INSERT INTO "${name}" (rowid, words, forms) VALUES (?, ?, ?)`)
  for (const row of rows) {
    const { words, forms } = columnsOf(row)
    insert.run(row.position, words, forms)
  }
  database.run('COMMIT')
}

/** Every word of an index in rows after one, with its position, in order. */
function* wordsOf(database: Database, name: string, after: number): Generator<Word> {
  // The list of words is a temporary table, not one of the store.
  database.run('PRAGMA query_only = OFF')
  database.run(`CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', '${name}', 'instance')`)
  database.run('PRAGMA query_only = ON')
  const statement = database.query<{ term: string; doc: number; col: string; offset: number }, [number]>(
    'SELECT term, doc, col, offset FROM temp.words WHERE doc > ?',
  )
  for (const { term, doc, col, offset } of statement.iterate(after)) yield [term, doc, col, offset]
}

function differences(kept: Iterator<Word>, made: Iterator<Word>): string[] {
  let [a, b] = [kept.next(), made.next()]
  while (!a.done && !b.done && compare(a.value, b.value) === 0) [a, b] = [kept.next(), made.next()]
  if (a.done && b.done) return []
  const isExtra = b.done || (!a.done && compare(a.value, b.value) < 0)
  const [, row, column] = (isExtra ? a.value : b.value) as Word
  const what = isExtra ? 'one word too many' : 'a word is missing'
  return [`the index differs from its rows, first at row ${row}, ${column}: ${what}`]
}

/** The order of both lists: words by bytes, then positions. */
function compare(a: Word, b: Word): number {
  const words = a[0] === b[0] ? 0 : Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0]))
  if (words !== 0 || a[1] !== b[1]) return words || a[1] - b[1]
  return a[2] === b[2] ? a[3] - b[3] : a[2] < b[2] ? -1 : 1
}
