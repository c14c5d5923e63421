import type { NameKey } from '../db/name-columns'
import { isEqual } from '../lib/equal'
import type { Action } from './about'
import type { Change } from './change'
import type { Ctx, Writer } from './ctx'
import { countsOf, type ImportCounts } from './upsert'
import { write } from './write'

/** An item as it is stored, if it exists, and as the file has it. */
export type Planned<Row> = { before: Row | undefined; wanted: Omit<Row, 'version' | NameKey> }

const sorted = <Row>(planned: readonly Planned<Row>[]) => ({
  create: planned.filter(({ before }) => before === undefined),
  update: planned.filter(({ before, wanted }) => before !== undefined && !isEqual(wanted, before)),
  unchanged: planned.filter(({ before, wanted }) => before !== undefined && isEqual(wanted, before)),
})

export const countPlanned = (planned: readonly Planned<unknown>[]): ImportCounts => countsOf(sorted(planned))

/** Saves what differs, all or nothing; calls `onRow` for each item. */
export const savePlanned = <Row>(
  ctx: Ctx,
  action: Action,
  plan: (w: Writer) => Promise<Planned<Row>[]>,
  save: (w: Writer, planned: Planned<Row>) => Promise<readonly Change[]>,
  onRow: () => void,
): Promise<ImportCounts> =>
  write(ctx, action, async (w) => {
    const things = sorted(await plan(w))
    const changes: Change[] = []
    for (const one of [...things.create, ...things.update]) {
      changes.push(...(await save(w, one)))
      onRow()
    }
    for (const _ of things.unchanged) onRow()
    return { changes, result: countsOf(things) }
  })
