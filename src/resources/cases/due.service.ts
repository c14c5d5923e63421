import type { Ctx } from '../../core/ctx'
import type { DueWork } from '../../core/due-work.service'
import { write } from '../../core/write'
import { changeCase } from './change.service'
import { listBreached, listUnreopened, listWaited } from './due.store'
import { getResident } from './residents/store'
import { changeOf } from './rules/record'
import { getCase, reloadCase, updateCase } from './store'
import { insertEntry } from './timeline/store'

/** Reports once that a case missed its target. Checks again inside the change: it may have been dealt with since. */
const breach = (ctx: Ctx, id: string): Promise<void> =>
  write(ctx, 'case.breach', async (w) => {
    const { case: before } = await getCase(w, id)
    const { targetState, breachAt } = before
    if (targetState !== 'running' || breachAt === null || breachAt >= w.clock.now()) {
      return { changes: [], result: undefined }
    }
    await updateCase(w, before, { breachAt: null })
    await insertEntry(w, id, { kind: 'target', to: { slaState: 'breached' } })
    const resident = await getResident(w, id)
    const found = await reloadCase(w, id)
    const change = changeOf(w, before, found, { was: resident, is: resident }, ['case_sla_breached'])
    return { changes: [change], result: undefined }
  })

/** Ends a wait that has run its time; the target moves on by the days up to then. */
const resume = (ctx: Ctx, id: string): Promise<void> =>
  write(ctx, 'case.resume', async (w) => {
    const found = await getCase(w, id)
    const { pendingUntil } = found.case
    if (pendingUntil === null || pendingUntil >= w.clock.now()) return { changes: [], result: undefined }
    const resident = await getResident(w, id)
    const change = { state: { pending: null }, waitEnd: pendingUntil }
    const { changes } = await changeCase(w, found, resident, change)
    return { changes, result: undefined }
  })

/** Closes a resolved case that nobody reopened within the council's working days. */
const closeResolved = (ctx: Ctx, id: string): Promise<void> =>
  write(ctx, 'case.close', async (w) => {
    const found = await getCase(w, id)
    const { status, closesAt } = found.case
    if (status !== 'resolved' || closesAt === null || closesAt >= w.clock.now()) {
      return { changes: [], result: undefined }
    }
    const resident = await getResident(w, id)
    const reason = 'Not reopened after it was resolved'
    const { changes } = await changeCase(w, found, resident, { state: { status: 'closed', reason } })
    return { changes, result: undefined }
  })

/** Changes that time alone brings about. */
export const caseDueWork: readonly DueWork[] = [
  { list: listWaited, handle: resume },
  { list: listBreached, handle: breach },
  { list: listUnreopened, handle: closeResolved },
].map((dueWork) => ({ actorId: 'targets', what: 'case', ...dueWork }))
