type Row = Record<string, unknown>

export type ImportCounts = { created: number; updated: number; unchanged: number }

/** What an import has to do: rows to make, and rows to change with only what differs. */
export type Upserts<R extends Row, I extends Row> = {
  create: I[]
  update: { row: R; input: I; changed: Partial<R> }[]
  unchanged: { row: R; input: I }[]
}

/** What an input says otherwise than the row does; what it does not say is undefined. `ignore` names fields kept elsewhere. */
export const differing = <R extends Row>(row: R, input: Row, ignore: readonly string[] = []): Partial<R> =>
  Object.fromEntries(
    Object.entries(input).filter(
      ([name, value]) => value !== undefined && !ignore.includes(name) && row[name] !== value,
    ),
  ) as Partial<R>

/** Compares each input with the row it names; `find` returns that row or undefined. `ignore` as in `differing`. */
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
