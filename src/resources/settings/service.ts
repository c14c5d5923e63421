import type { Ctx } from '../../core/ctx'
import { assertUnchanged } from '../../core/precondition'
import { changeTenant, originIssues } from '../../core/tenants/service'
import { getTenant, toTenant } from '../../core/tenants/store'
import { forbidden, invalid } from '../../lib/errors'
import { type SettingsPatch, type SettingsView, toTenantValues, toView } from './model'

export const getSettings = async (ctx: Ctx): Promise<SettingsView> => toView(toTenant(await getTenant(ctx)))

/** Only somebody who may read personal data may let webhooks carry it. */
export async function patchSettings(ctx: Ctx, patch: SettingsPatch): Promise<SettingsView> {
  const issues = originIssues(patch.corsOrigins ?? [])
  if (issues.length > 0) throw invalid(issues)
  if (patch.webhooks?.includePersonalData && !ctx.scopes.has('residents:read')) {
    const details = { requiredScope: 'residents:read', scopes: [...ctx.scopes] }
    throw forbidden('Insufficient scope', details)
  }
  const values = { ...toTenantValues(patch), ...(patch.name && { name: patch.name.trim() }) }
  const changed = await changeTenant(ctx, 'settings.update', values, (before) =>
    assertUnchanged(ctx, toView(before)),
  )
  return toView(changed)
}
