import type { Ctx } from '../../core/ctx'
import { assertUnchanged } from '../../core/precondition'
import { changeTenant, originIssues } from '../../core/tenants/service'
import { getTenant, toTenant } from '../../core/tenants/store'
import { forbidden, invalid } from '../../lib/errors'
import { type SettingsPatch, type SettingsView, toTenantValues, toView } from './model'

export const getSettings = async (ctx: Ctx): Promise<SettingsView> => toView(toTenant(await getTenant(ctx)))

/** How people sign in, and whether personal data leaves: of people, only administrators decide. */
function assertMayDecide({ acting }: Ctx, { signIn, webhooks }: SettingsPatch): void {
  if (acting === null || acting.role === 'admin') return
  const fields = [
    ...Object.keys(signIn ?? {}).map((name) => `signIn.${name}`),
    ...(webhooks?.includePersonalData ? ['webhooks.includePersonalData'] : []),
  ]
  if (fields.length === 0) return
  throw forbidden(`Only an administrator may change ${fields.join(' and ')}`, { role: acting.role, fields })
}

/** Only somebody who may read personal data may let webhooks carry it. */
export async function patchSettings(ctx: Ctx, patch: SettingsPatch): Promise<SettingsView> {
  const issues = originIssues(patch.corsOrigins ?? [])
  if (issues.length > 0) throw invalid(issues)
  if (patch.webhooks?.includePersonalData && !ctx.scopes.has('residents:read')) {
    const details = { requiredScope: 'residents:read', scopes: [...ctx.scopes] }
    throw forbidden('Insufficient scope', details)
  }
  assertMayDecide(ctx, patch)
  const values = { ...toTenantValues(patch), ...(patch.name && { name: patch.name.trim() }) }
  const changed = await changeTenant(ctx, 'settings.update', values, (before) =>
    assertUnchanged(ctx, toView(before)),
  )
  return toView(changed)
}
