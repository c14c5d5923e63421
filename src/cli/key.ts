import type { Command } from 'commander'
import { createKey, revokeKey } from '../core/api-keys/service'
import { findTenantOfKey, listKeys } from '../core/api-keys/store'
import type { ApiKeyRow } from '../core/api-keys/table'
import { consoleCtx } from '../core/tenants/service'
import { getUserByEmail } from '../core/users/store'
import { parseExpiry } from '../lib/time'
import { consoleActor, print, printJson, printTable, withDeps, withTenant } from './support'

function stateOf({ revokedAt, expiresAt }: ApiKeyRow, now: Date): string {
  if (revokedAt) return 'revoked'
  return expiresAt && expiresAt <= now ? 'expired' : 'active'
}

export function addKeyCommand(program: Command): void {
  const key = program.command('key').description('API keys')

  key
    .command('create')
    .description('make a key; it is printed once and cannot be read again')
    .requiredOption('--tenant <slug>', 'the council')
    .requiredOption('--name <name>', 'what the key is for')
    .requiredOption('--scopes <scopes>', 'comma-separated, or "all" for every scope of the plan')
    .option('--expires <when>', '90d, 12h, 30s, an instant or a date')
    .option('--ip <cidr...>', 'addresses that may use it')
    .option('--acting-user <email>', 'the user whose role bounds it')
    .option('--json', 'print JSON')
    .action(({ tenant, name, scopes, expires, ip, actingUser, json }) =>
      withTenant(tenant, async (ctx, deps) => {
        const { plain, key: created } = await createKey(ctx, deps, {
          name,
          scopes: String(scopes)
            .split(',')
            .map((scope) => scope.trim()),
          expiresAt: expires ? parseExpiry(expires, ctx.clock.now(), ctx.tenant.timezone) : null,
          ipAllow: ip ?? [],
          actingUserId: actingUser ? (await getUserByEmail(ctx, actingUser)).id : null,
        })
        const { id, prefix, expiresAt } = created
        if (json) printJson({ id, key: plain, prefix, name: created.name, scopes: created.scopes, expiresAt })
        else {
          print(`Key ${id} (${created.name}) for ${ctx.tenant.name}.`)
          print(`Scopes: ${created.scopes.join(', ')}`)
          print(`Keep it now; it is not shown again:\n\n  ${plain}\n`)
        }
      }),
    )

  key
    .command('list')
    .description('list a council’s keys')
    .requiredOption('--tenant <slug>', 'the council')
    .option('--json', 'print JSON')
    .action(({ tenant, json }) =>
      withTenant(tenant, async (ctx) => {
        const now = ctx.clock.now()
        const rows = (await listKeys(ctx)).map((row) => ({
          id: row.id,
          name: row.name,
          prefix: row.prefix,
          lastFour: row.lastFour,
          state: stateOf(row, now),
          scopes: row.scopes,
          expiresAt: row.expiresAt,
          lastUsedAt: row.lastUsedAt,
        }))
        if (json) return printJson(rows)
        printTable(
          ['ID', 'KEY', 'STATE', 'LAST USED', 'NAME'],
          rows.map(({ id, prefix, lastFour, state, lastUsedAt, name }) => [
            id,
            `${prefix}…${lastFour}`,
            state,
            lastUsedAt?.toISOString().slice(0, 16) ?? 'never',
            name,
          ]),
        )
      }),
    )

  key
    .command('revoke <id>')
    .description('end a key; its next request is refused')
    .action((id: string) =>
      withDeps(async (deps) => {
        const slug = await findTenantOfKey(deps.store.read, id)
        const revoked = await revokeKey(await consoleCtx(deps, slug, consoleActor()), id)
        print(`Revoked ${revoked.name} (${revoked.prefix}…${revoked.lastFour}).`)
      }),
    )
}
