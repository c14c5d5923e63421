import type { Ctx } from '../../core/ctx'
import { listUsers } from '../../core/users/store'
import { listAllCategories } from '../categories/store'
import { listAllWards } from '../wards/store'
import type { Grouping } from './model'

/** The name of a key and, for groups of keys, the group. */
export type Names = { nameOf: (key: string | null) => string; groupOf: (key: string | null) => string | null }

const notRecorded = 'Not recorded'

const spelt = (word: string) => word.charAt(0).toUpperCase() + word.slice(1).replaceAll('_', ' ')

const self = (key: string | null) => key

const namesFrom = (names: ReadonlyMap<string, string>): Names => ({
  nameOf: (key) => (key === null ? notRecorded : (names.get(key) ?? key)),
  groupOf: self,
})

export async function namesFor(ctx: Ctx, grouping: Grouping): Promise<Names> {
  switch (grouping) {
    case 'ward':
      return namesFrom(new Map((await listAllWards(ctx)).map(({ id, name }) => [id, name])))
    case 'category':
      return namesFrom(new Map((await listAllCategories(ctx)).map(({ id, name }) => [id, name])))
    case 'group': {
      const groups = new Map((await listAllCategories(ctx)).map(({ id, group }) => [id, group]))
      return {
        nameOf: (key) => key ?? notRecorded,
        groupOf: (key) => (key === null ? null : (groups.get(key) ?? null)),
      }
    }
    case 'assignee':
    case 'councillor':
      return namesFrom(new Map((await listUsers(ctx)).map(({ id, name }) => [id, name])))
    default:
      return { nameOf: (key) => (key === null ? notRecorded : spelt(key)), groupOf: self }
  }
}

/** Merges rows of the same group, the largest first by `sizeOf`. */
export function grouped<T extends { key: string | null }>(
  rows: readonly T[],
  { groupOf }: Names,
  add: (a: T, b: T) => T,
  sizeOf: (row: T) => number,
): T[] {
  const sums = new Map<string | null, T>()
  for (const row of rows) {
    const key = groupOf(row.key)
    const known = sums.get(key)
    sums.set(key, known ? add(known, row) : { ...row, key })
  }
  return [...sums.values()].sort((a, b) => sizeOf(b) - sizeOf(a) || ((a.key ?? '') < (b.key ?? '') ? -1 : 1))
}
