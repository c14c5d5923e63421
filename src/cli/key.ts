import { type Command, InvalidArgumentError } from 'commander'
import { keyState, maxOverlapMs } from '../core/api-keys/model'
import { createKey, type NewKey, revokeKey, rotateKey } from '../core/api-keys/service'
import { findTenantOfKey, listKeys } from '../core/api-keys/store'
import { scopes as scopeList } from '../core/scopes'
import { consoleCtx } from '../core/tenants/service'
import { getUserByEmail } from '../core/users/store'
import { parseCidr } from '../lib/address'
import { parseDuration, parseExpiry, parseInstantOrDate } from '../lib/time'
import { consoleActor, listed, print, printJson, printTable, withDeps, withTenant } from './support'

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

/** In milliseconds. */
function overlap(text: string): number {
  const duration = parseDuration(text)
  if (duration === undefined || duration > maxOverlapMs) {
    throw new InvalidArgumentError('a duration up to 30d, such as 24h or 0s')
  }
  return duration
}

const knownScopes: readonly string[] = [...scopeList, 'all']

function scopeNames(text: string): string[] {
  const names = listed(text)
  const unknown = names.find((name) => !knownScopes.includes(name))
  if (names.length === 0 || unknown !== undefined) {
    const why = unknown === undefined ? 'give at least one scope' : `"${unknown}" is not a scope`
    throw new InvalidArgumentError(`${why}; the scopes are ${scopeList.join(', ')}, or all`)
  }
  return names
}

function addresses(text: string, before?: readonly string[]): string[] {
  const ranges = listed(text, before)
  const bad = ranges.find((range) => parseCidr(range) === undefined)
  if (bad !== undefined) throw new InvalidArgumentError(`"${bad}" is no address or CIDR range`)
  return ranges
}

function expiry(text: string): string {
  if (parseDuration(text) === undefined && !parseInstantOrDate(text, 'UTC')) {
    throw new InvalidArgumentError('a duration (90d, 12h, 30m, 30s), an instant or a date')
  }
  return text
}

export function addKeyCommand(program: Command): void {
  const key = program.command('key').description('API keys')

  key
    .command('create')
    .description('create a key; it is printed only once')
    .requiredOption('--tenant <slug>', 'the council')
    .requiredOption('--name <name>', 'what the key is for')
    .requiredOption('--scopes <scopes>', 'comma-separated, or "all" for every scope of the plan', scopeNames)
    .option('--expires <when>', '90d, 12h, 30s, an instant or a date', expiry)
    .option('--ip <cidr...>', 'addresses that may use it', addresses)
    .option('--acting-user <email>', 'the user it acts as, whose role limits it')
    .option('--json', 'print JSON')
    .action(({ tenant, name, scopes, expires, ip, actingUser, json }) =>
      withTenant(tenant, async (ctx, deps) => {
        const created = await createKey(ctx, deps, {
          name,
          scopes,
          expiresAt: expires ? parseExpiry(expires, ctx.clock.now(), ctx.tenant.timezone) : null,
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
    .description('replace a key, which goes on working for a while; the new key is printed only once')
    .option('--overlap <duration>', 'how long the old key goes on working, 0s to 30d', overlap, 86_400_000)
    .option('--json', 'print JSON')
    .action((id: string, { overlap: overlapMs, json }) =>
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
