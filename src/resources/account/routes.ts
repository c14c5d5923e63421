import { Type } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import { getKey } from '../../core/api-keys/store'
import type { Deps } from '../../core/ctx'
import { Instant, Nullable, OneOf, Strict } from '../../core/schema'
import { plans } from '../../core/scopes'
import { guard } from '../../http/guard'

const MeView = Strict({
  tenant: Strict({ id: Type.String(), slug: Type.String(), name: Type.String(), plan: OneOf(plans) }),
  key: Strict({
    id: Type.String(),
    name: Type.String(),
    prefix: Type.String(),
    scopes: Type.Array(Type.String()),
    expiresAt: Nullable(Instant),
  }),
  rateLimit: Strict({
    limit: Type.Integer(),
    windowSeconds: Type.Integer(),
    remaining: Type.Integer(),
    resetAt: Instant,
  }),
})

export const accountRoutes = ({ limits, clock, config }: Deps) =>
  new Elysia({ prefix: '/api/me', tags: ['Account'] }).use(guard).get(
    '',
    async ({ ctx }) => {
      const { id, slug, name, plan, rateLimit } = ctx.tenant
      const key = await getKey(ctx, ctx.actor.id)
      const limit = rateLimit ?? config.rateLimit
      const { remaining, resetMs } = await limits.keys.peek(key.id, limit, clock.monotonic())
      return {
        tenant: { id, slug, name, plan },
        key: {
          id: key.id,
          name: key.name,
          prefix: key.prefix,
          scopes: key.scopes,
          expiresAt: key.expiresAt?.toISOString() ?? null,
        },
        rateLimit: {
          limit,
          windowSeconds: limits.keys.windowMs / 1000,
          remaining,
          resetAt: new Date(clock.now().getTime() + resetMs).toISOString(),
        },
      }
    },
    {
      scope: 'any-key',
      response: MeView,
      detail: {
        operationId: 'getMe',
        summary: 'View the key',
        description:
          'Whose key it is, which scopes it has, when it expires and how many requests it has left this minute.',
      },
    },
  )
