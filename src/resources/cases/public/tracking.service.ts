import { timingSafeEqual } from 'node:crypto'
import type { Ctx } from '../../../core/ctx'
import { AppError } from '../../../lib/errors'
import { sha256 } from '../../../lib/hash'
import { findByReference } from '../store'
import { toPublicEntry } from './model'
import { listToldEntries } from './store'
import type { TrackInput, TrackView } from './tracking.model'
import { findTrackerHash } from './tracking.store'

/** What no secret has: so that an unknown reference is told no sooner than a wrong secret. */
const nothing = sha256('')

/** How a case stands, for the resident who sent it; throws alike for an unknown reference and a wrong secret. */
export async function trackCase(ctx: Ctx, { reference, secret }: TrackInput): Promise<TrackView> {
  const found = await findByReference(ctx, reference)
  const hash = (found && (await findTrackerHash(ctx, found.case.id))) ?? nothing
  const isRight = timingSafeEqual(Buffer.from(hash, 'hex'), Buffer.from(sha256(secret), 'hex'))
  if (!found || !isRight) throw new AppError('not_found', 'There is no case with this reference and secret')
  const { case: row, ward, category } = found
  return {
    reference: row.reference,
    status: row.status,
    resolution: row.resolution,
    ward,
    category,
    receivedAt: row.receivedAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    dueAt: row.dueAt?.toISOString() ?? null,
    timeline: (await listToldEntries(ctx, row.id, true)).map(toPublicEntry),
  }
}
