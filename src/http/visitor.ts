import { Elysia } from 'elysia'
import { createCtx, type Deps } from '../core/ctx'
import { findTenantRow, toTenant } from '../core/tenants/store'
import { addressBucket } from '../lib/address'
import { notFound } from '../lib/errors'
import { spend } from '../lib/limits'
import { checkInput, type Parsed } from './guard'
import { stateOf } from './request-state'

/** Forms of each kind that an address may send in a minute: people send one, robots send many. */
const formLimit = 20

/**
 * `visitor` on a route line means that no key is needed: the handler gets a `ctx` for the council in the path, with the public
 * as the actor. Forms have a rate limit of their own.
 */
export const visitor = (deps: Deps) =>
  new Elysia({ name: 'visitor' }).macro({
    visitor: (kind: 'reader' | 'form') => ({
      transform: async (context: Parsed) => {
        if (kind === 'form') await countForm(deps, context.request)
        checkInput(context)
      },
      resolve: async ({ request, params }) => {
        const row = await findTenantRow(deps.store.read, (params as { tenant: string }).tenant)
        if (!row) throw notFound('Council')
        // Residents' IP addresses are personal: used for rate limits, but never recorded.
        const actor = { type: 'public', id: 'public', name: 'Public', ip: null } as const
        const requestId = stateOf(request).id
        return { ctx: createCtx(deps, { tenant: toTenant(row), actor, requestId }), council: row }
      },
    }),
  })

async function countForm({ limits, clock }: Deps, request: Request): Promise<void> {
  const { address, route } = stateOf(request)
  await spend(limits.forms, `${route?.path} ${addressBucket(address)}`, formLimit, clock.monotonic())
}
