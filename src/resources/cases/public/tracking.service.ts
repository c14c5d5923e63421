import { timingSafeEqual } from 'node:crypto'
import type { Ctx } from '../../../core/ctx'
import { AppError } from '../../../lib/errors'
import { sha256 } from '../../../lib/hash'
import { readTypedCode } from '../../../lib/typed-code'
import { findByReference } from '../store'
import { publicCategory, toPublicEntry } from './model'
import { findTrackerHash, listPublicEntries } from './store'
import type { TrackInput, TrackView } from './tracking.model'

/** Compared for an unknown reference, so that it takes as long to refuse as a wrong secret. */
const hashOfNothing = sha256('')

/** For the resident who sent the case. An unknown reference and a wrong secret get the same refusal. */
export async function trackCase(ctx: Ctx, { reference, secret }: TrackInput): Promise<TrackView> {
  const found = await findByReference(ctx, reference)
  const hash = (found && (await findTrackerHash(ctx, found.case.id))) ?? hashOfNothing
  const isRight = timingSafeEqual(Buffer.from(hash, 'hex'), Buffer.from(sha256(readTypedCode(secret)), 'hex'))
  if (!found || !isRight) throw new AppError('not_found', 'There is no case with this reference and secret')
  const { case: row, ward } = found
  return {
    reference: row.reference,
    status: row.status,
    resolution: row.resolution,
    ward,
    category: publicCategory(found),
    receivedAt: row.receivedAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    dueAt: row.dueAt?.toISOString() ?? null,
    timeline: (await listPublicEntries(ctx, row.id, true)).map(toPublicEntry),
  }
}
