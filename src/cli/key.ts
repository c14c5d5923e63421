import type { Command } from 'commander'
import { keyState, maxOverlapMs } from '../core/api-keys/model'
import { createKey, type NewKey, revokeKey, rotateKey } from '../core/api-keys/service'
import { findTenantOfKey, listKeys } from '../core/api-keys/store'
import type { Ctx } from '../core/ctx'
import { consoleCtx } from '../core/tenants/service'
import { getUserByEmail } from '../core/users/store'
import { readExpiry } from '../lib/expiry'
import { addressRanges, duration, emailAddress, expiry, scopeNames, text, wrongUse } from './options'
import { consoleActor, print, printJson, printTable, withDeps, withTenant } from './support'

function printNew(
  { plain, key }: NewKey,
  json: boolean | undefined,
  more: Record<string, unknown> = {},
): void {
  const { id, prefix, name, scopes, expiresAt } = key
  if (json) {
    printJson({ id, key: plain, prefix, name, scopes, expiresAt, ...more })
    return
  }
  print(`Scopes: ${scopes.join(', ')}`)
  print(`Copy the key now; it will not be shown again:\n\n  ${plain}\n`)
}

const overlap = duration(maxOverlapMs, '30d')
const defaultOverlapMs = 86_400_000

function expiresAt(expires: string | undefined, { clock, tenant }: Ctx): Date | null {
  if (expires === undefined) return null
  const instant = readExpiry(expires, clock.now(), tenant.timezone)
  if (instant === undefined) throw wrongUse(`--expires ${expires} is in the past: give a later time`)
  return instant
}

export function addKeyCommand(program: Command): void {
  const key = program.command('key').description('create, list, replace and revoke API keys')

  key
    .command('create')
    .description('create a key; it is printed only once')
    .requiredOption('--tenant <short-name>', 'the council')
    .requiredOption('--name <name>', 'what the key is for', text)
    .requiredOption('--scopes <scopes>', 'comma-separated, or "all" for every scope of the plan', scopeNames)
    .option('--expires <when>', 'a duration (90d, 12h, 30m), a date or a time', expiry)
    .option('--ip <cidr...>', 'addresses or ranges that may use it', addressRanges)
    .option('--acting-user <email>', 'the user it acts as, whose role limits it', emailAddress)
    .option('--json', 'print JSON')
    .action(({ tenant, name, scopes, expires, ip, actingUser, json }) =>
      withTenant(tenant, async (ctx, deps) => {
        const created = await createKey(ctx, deps, {
          name,
          scopes,
          expiresAt: expiresAt(expires, ctx),
          ipAllow: ip ?? [],
          actingUserId: actingUser ? (await getUserByEmail(ctx, actingUser)).id : null,
        })
        if (!json) print(`Key ${created.key.id} (${created.key.name}) for ${ctx.tenant.name}.`)
        printNew(created, json)
      }),
    )

  key
    .command('list')
    .description('list a council’s keys')
    .requiredOption('--tenant <short-name>', 'the council')
    .option('--json', 'print JSON')
    .action(({ tenant, json }) =>
      withTenant(tenant, async (ctx) => {
        const now = ctx.clock.now()
        const rows = (await listKeys(ctx)).map((row) => ({
          id: row.id,
          name: row.name,
          prefix: row.prefix,
          lastFour: row.lastFour,
          state: keyState(row, now),
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
    .command('rotate <id>')
    .description('replace a key; the old one keeps working for a while, and the new one is printed only once')
    .option('--overlap <duration>', 'how long the old key keeps working, 0s to 30d (default: 24h)', overlap)
    .option('--json', 'print JSON')
    .action((id: string, { overlap: overlapMs = defaultOverlapMs, json }) =>
      withDeps(async (deps) => {
        const slug = await findTenantOfKey(deps.store.read, id)
        const ctx = await consoleCtx(deps, slug, consoleActor())
        const { replaced, ...created } = await rotateKey(ctx, deps, id, { overlapMs })
        if (!json) {
          print(`Key ${created.key.id} (${created.key.name}) for ${ctx.tenant.name} replaces ${id},`)
          print(`which stops working at ${replaced.expiresAt?.toISOString()}.`)
        }
        printNew(created, json, { replaced: { id, expiresAt: replaced.expiresAt } })
      }),
    )

  key
    .command('revoke <id>')
    .description('revoke a key; its next request is refused')
    .action((id: string) =>
      withDeps(async (deps) => {
        const slug = await findTenantOfKey(deps.store.read, id)
        const revoked = await revokeKey(await consoleCtx(deps, slug, consoleActor()), id)
        print(`Revoked ${revoked.name} (${revoked.prefix}…${revoked.lastFour}).`)
      }),
    )
}
