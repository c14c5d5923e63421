import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { TargetRule } from '../../src/resources/cases/rules/target'

export const wards = 30
export const people = 12
export const endsAt = Date.UTC(2026, 5, 30)

/** Null leaves the target to the council. */
export const ruleOfCategory: readonly TargetRule[] = Array.from({ length: 24 }, (_, i) => ({
  days: [null, 5, 20][i % 3] ?? null,
  dayType: i % 2 === 0 ? 'working' : 'calendar',
}))

const letters = (text: string, salt: number) =>
  Bun.hash.wyhash(text, BigInt(salt)).toString(36).padStart(13, '0')

export const idOf = (kind: string, i: number) =>
  `c${letters(`${kind}${i}`, 1)}${letters(`${kind}${i}`, 2)}`.slice(0, 24)

type Row = Record<string, SQLQueryBindings>

/** All rows must have the columns of the first. */
export function inserter(store: Database, table: string): (row: Row) => void {
  let insert: ((values: SQLQueryBindings[]) => unknown) | undefined
  return (row) => {
    if (insert === undefined) {
      const columns = Object.keys(row)
      const marks = columns.map(() => '?').join(', ')
      const statement = store.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`)
      insert = (values) => statement.run(...values)
    }
    insert(Object.values(row))
  }
}

/** The wards, categories and people that cases refer to. */
export function insertSurroundings(store: Database, tenantId: string): void {
  const common = { tenant_id: tenantId, created_at: endsAt, updated_at: endsAt }
  const insertWard = inserter(store, 'wards')
  for (let i = 0; i < wards; i++) {
    insertWard({ id: idOf('ward', i), name: `Ward ${i}`, slug: `ward-${i}`, tier: 'ward', ...common })
  }
  const insertCategory = inserter(store, 'categories')
  for (const [i, { days, dayType }] of ruleOfCategory.entries()) {
    insertCategory({
      id: idOf('category', i),
      name: `Category ${i}`,
      slug: `category-${i}`,
      visibility: 'public',
      active: 1,
      target_days: days,
      day_type: dayType,
      ...common,
    })
  }
  const insertPerson = inserter(store, 'users')
  const person = { role: 'caseworker', password_hash: 'none', must_change_password: 0 }
  for (let i = 0; i < people; i++) {
    const email = `person-${i}@example.org`
    insertPerson({ id: idOf('person', i), email, name: `Person ${i}`, ...person, ...common })
  }
}
