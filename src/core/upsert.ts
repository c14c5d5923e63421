type Row = Record<string, unknown>

export type ImportCounts = { created: number; updated: number; unchanged: number }

/** `changed` has only the fields that differ. */
export type Upserts<R extends Row, I extends Row> = {
  create: I[]
  update: { row: R; input: I; changed: Partial<R> }[]
  unchanged: { row: R; input: I }[]
}

/** The input's fields that differ from the row. A missing field changes nothing; `ignore` names fields stored elsewhere. */
export const differing = <R extends Row>(row: R, input: Row, ignore: readonly string[] = []): Partial<R> =>
  Object.fromEntries(
    Object.entries(input).filter(
      ([name, value]) => value !== undefined && !ignore.includes(name) && row[name] !== value,
    ),
  ) as Partial<R>

/** Sorts inputs by what an import must do with them. `ignore` as in `differing`. */
export function planUpserts<R extends Row, I extends Row>(
  inputs: readonly I[],
  find: (input: I) => R | undefined,
  ignore: readonly string[] = [],
): Upserts<R, I> {
  const plan: Upserts<R, I> = { create: [], update: [], unchanged: [] }
  for (const input of inputs) {
    const row = find(input)
    if (!row) {
      plan.create.push(input)
      continue
    }
    const changed = differing(row, input, ignore)
    if (Object.keys(changed).length > 0) plan.update.push({ row, input, changed })
    else plan.unchanged.push({ row, input })
  }
  return plan
}

type Planned = Record<keyof Upserts<Row, Row>, readonly unknown[]>

export const countsOf = ({ create, update, unchanged }: Planned): ImportCounts => ({
  created: create.length,
  updated: update.length,
  unchanged: unchanged.length,
})
