import type { Change } from '../../core/change'
import type { Ctx, Deps, Writer } from '../../core/ctx'
import { lastPosition } from '../../core/outbox/store'
import { assertUnchanged } from '../../core/precondition'
import { write } from '../../core/write'
import { isEqual } from '../../lib/equal'
import { conflict, forbidden, type Issue, invalid } from '../../lib/errors'
import { RefusedAddress, vet } from '../../lib/outbound-address'
import { findCategory } from '../categories/store'
import { findWard } from '../wards/store'
import {
  toEventView,
  toView,
  type WebhookCreate,
  type WebhookPatch,
  type WebhookView,
  type WebhookWithSecret,
} from './model'
import { newSecret, sealSecret } from './secrets'
import { endPause, endpointsState, getEndpoint, insertEndpoint, updateEndpoint } from './store'
import type { DisabledReason, EndpointRow } from './table'

const maxEndpoints = 50
const vettedMs = 5_000

/** Of the address only the host: the rest may contain a secret. */
const safe = [
  'host',
  'description',
  'events',
  'wardId',
  'categoryId',
  'includePersonalData',
  'enabled',
  'disabledReason',
  'previousUntil',
  'deleted',
]

function auditFields(row: EndpointRow) {
  const { version: _v, updatedAt: _u, activity: _a, pausedUntil: _p, failureCount: _f, ...rest } = row
  const { failingSince: _s, lastSuccessAt: _l, afterPosition: _e, ...fields } = rest
  return { ...fields, host: new URL(row.url).host }
}

const changeOf = (before: EndpointRow | null, after: EndpointRow): Change => ({
  entity: 'webhook',
  id: after.id,
  before: before && auditFields(before),
  after: auditFields(after),
  safe,
})

/** Only somebody who may read personal data may have it sent to an address. */
function assertMaySend(ctx: Ctx): void {
  if (ctx.scopes.has('residents:read')) return
  throw forbidden('Insufficient scope', { requiredScope: 'residents:read', scopes: [...ctx.scopes] })
}

/** Looks up the host, so this can be slow. */
async function addressIssues({ outbound }: Deps, url: string | undefined): Promise<Issue[]> {
  if (url === undefined) return []
  try {
    await vet(outbound, url, AbortSignal.timeout(vettedMs))
    return []
  } catch (error) {
    if (!(error instanceof RefusedAddress)) throw error
    return [{ in: 'body', path: 'url', code: 'rule', message: error.message }]
  }
}

async function filterIssues(ctx: Ctx, filter: WebhookPatch['filter'] = {}): Promise<Issue[]> {
  const fault = (path: string, message: string): Issue => ({ in: 'body', path, code: 'not_found', message })
  const { wardId, categoryId } = filter
  return [
    ...(wardId && !(await findWard(ctx, wardId)) ? [fault('filter.wardId', 'There is no such ward')] : []),
    ...(categoryId && !(await findCategory(ctx, categoryId))
      ? [fault('filter.categoryId', 'There is no such category')]
      : []),
  ]
}

const issuesWith = async (ctx: Ctx, deps: Deps, input: WebhookPatch): Promise<Issue[]> => [
  ...(await addressIssues(deps, input.url)),
  ...(await filterIssues(ctx, input.filter)),
]

function valuesOf(input: WebhookPatch, before: Pick<EndpointRow, 'enabled'>): Partial<EndpointRow> {
  const { filter, enabled = before.enabled, events, ...rest } = input
  return {
    ...rest,
    ...filter,
    ...(events && { events: [...new Set(events)] }),
    ...(enabled !== before.enabled && { enabled, disabledReason: enabled ? null : 'manual' }),
    // Enabling it starts afresh: earlier failures no longer count.
    ...(enabled && !before.enabled && { failureCount: 0, failingSince: null, pausedUntil: null }),
  }
}

/** The only result that holds the secret, besides rotation. */
export async function createEndpoint(ctx: Ctx, deps: Deps, input: WebhookCreate): Promise<WebhookWithSecret> {
  if (input.includePersonalData) assertMaySend(ctx)
  const issues = await issuesWith(ctx, deps, input)
  const secret = newSecret(deps.random)
  return write<WebhookWithSecret>(ctx, 'webhook.create', async (w) => {
    // Slow checks ran before the transaction; they are reported here so that a repeated request gets its first
    // answer.
    if (issues.length > 0) throw invalid(issues)
    const { total } = await endpointsState(w)
    if (total >= maxEndpoints)
      throw conflict(`A council may have ${maxEndpoints} webhooks at most`, { total })
    const now = w.clock.now()
    const [id, { tenantId }] = [w.newId(), w]
    const row = await insertEndpoint(w, {
      id,
      tenantId,
      description: null,
      wardId: null,
      categoryId: null,
      includePersonalData: false,
      enabled: true,
      ...valuesOf(input, { enabled: true }),
      url: input.url,
      events: [...new Set(input.events)],
      afterPosition: await lastPosition(w.db),
      secret: sealSecret(w, { tenantId, id }, secret),
      createdAt: now,
      updatedAt: now,
    })
    const view = toView(row, now)
    return {
      changes: [changeOf(null, row)],
      result: { ...view, secret },
      again: { ...view, secret: null },
    }
  })
}

/** Without a difference, nothing is recorded. */
export async function patchEndpoint(
  ctx: Ctx,
  deps: Deps,
  id: string,
  input: WebhookPatch,
): Promise<WebhookView> {
  const { url, ...rest } = input
  const known = await getEndpoint(ctx, id)
  const issues = await issuesWith(ctx, deps, url === known.url ? rest : input)
  if (issues.length > 0) throw invalid(issues)
  return write(ctx, 'webhook.update', async (w) => {
    const before = await getEndpoint(w, id)
    const now = w.clock.now()
    assertUnchanged(w, toView(before, now))
    const values = valuesOf(input, before)
    const wanted = { ...before, ...values }
    const isElsewhere = wanted.url !== before.url || !before.includePersonalData
    if (wanted.includePersonalData && isElsewhere) assertMaySend(w)
    if (isEqual(auditFields(wanted), auditFields(before))) {
      return { changes: [], result: toView(before, now) }
    }
    const after = await updateEndpoint(w, before, values)
    return { changes: [changeOf(before, after)], result: toView(after, now) }
  })
}

/** Its deliveries are deleted later, in batches. */
export const removeEndpoint = (ctx: Ctx, id: string): Promise<void> =>
  write(ctx, 'webhook.delete', async (w) => {
    const before = await getEndpoint(w, id)
    const now = w.clock.now()
    assertUnchanged(w, toView(before, now))
    await updateEndpoint(w, before, {
      deletedAt: now,
      enabled: false,
      secret: '',
      previousSecret: null,
      previousUntil: null,
    })
    const change = { before: { deleted: false }, after: { deleted: true } }
    return { changes: [{ entity: 'webhook', id, ...change, safe }], result: undefined }
  })

/** The old secret also signs for `overlapSeconds`. */
export const rotateSecret = (
  ctx: Ctx,
  deps: Deps,
  id: string,
  overlapSeconds: number,
): Promise<WebhookWithSecret> =>
  write<WebhookWithSecret>(ctx, 'webhook.rotate_secret', async (w) => {
    const before = await getEndpoint(w, id)
    const now = w.clock.now()
    if (overlapSeconds > 0 && before.previousUntil && before.previousUntil > now) {
      throw conflict(
        'The secret before this one still signs: wait until it ends, or end both at once with overlapSeconds=0',
        { previousSecretUntil: before.previousUntil.toISOString() },
      )
    }
    const secret = newSecret(deps.random)
    const isKept = overlapSeconds > 0
    const after = await updateEndpoint(w, before, {
      secret: sealSecret(w, before, secret),
      previousSecret: isKept ? before.secret : null,
      previousUntil: isKept ? new Date(now.getTime() + overlapSeconds * 1_000) : null,
    })
    const view = toView(after, now)
    return {
      changes: [changeOf(before, after)],
      result: { ...view, secret },
      again: { ...view, secret: null },
    }
  })

/** Even if it is disabled or did not ask for tests; returns the id of the event. */
export const testEndpoint = (ctx: Ctx, id: string): Promise<{ eventId: string }> =>
  write(ctx, 'webhook.test', async (w) => {
    const row = await getEndpoint(w, id)
    await endPause(w, row)
    const eventId = w.newId()
    const data = { webhook: toEventView(row) }
    const change: Change = {
      entity: 'webhook',
      id,
      before: null,
      after: { eventId },
      safe: ['eventId'],
      events: [{ name: 'webhook_test', data, id: eventId }],
    }
    return { changes: [change], result: { eventId } }
  })

/** Announced to the other endpoints; one already disabled stays as it is. */
export const disableEndpoint = (ctx: Ctx, id: string, reason: DisabledReason): Promise<void> =>
  write(ctx, 'webhook.disable', async (w: Writer) => {
    const before = await getEndpoint(w, id)
    if (!before.enabled) return { changes: [], result: undefined }
    const after = await updateEndpoint(w, before, { enabled: false, disabledReason: reason })
    const data = { webhook: toEventView(after) }
    const change: Change = { ...changeOf(before, after), events: [{ name: 'webhook_disabled', data }] }
    return { changes: [change], result: undefined }
  })
