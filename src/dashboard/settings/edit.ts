import type { Deps } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import { SettingsPatch } from '../../resources/settings/model'
import { getSettings, patchSettings } from '../../resources/settings/service'
import { saveChange, showChange } from '../form/change'
import type { Problem } from '../form/fields'
import { showListed } from '../form/listed'
import type { Form } from '../form/routes'
import { checkInput, valuesOf } from '../form/values'
import { redirect } from '../page'
import { mayUse, toAdministration } from '../places'
import { councilInCommands } from '../words'
import { readSettings, settingsFields, valuesIn } from './fields'

const settingsPath = '/admin/settings'

const notices = {
  saved: 'The settings were saved',
  stopped: 'Webhooks no longer carry personal data',
}

async function subjectOf(deps: Deps, { ctx }: Visit) {
  const view = await getSettings(ctx)
  return { fields: settingsFields(deps.config.rateLimit), current: valuesIn(view), state: view }
}

async function showSettings(deps: Deps, visit: Visit, problem: Problem): Promise<Response> {
  const subject = await subjectOf(deps, visit)
  const called = councilInCommands(visit.ctx.tenant)
  const page = {
    title: 'Settings',
    back: toAdministration(visit),
    ...subject,
    more: { sendsPersonalData: subject.state.webhooks.includePersonalData },
  }
  if (!mayUse(visit, 'settings:write')) {
    const intro = `Administrators of your council can change them. ${called}`
    return showListed(visit, { ...page, view: 'settings/list.njk', intro })
  }
  return showChange(visit, {
    ...page,
    view: 'settings/edit.njk',
    problem,
    intro: called,
    button: 'Save the settings',
    notices,
  })
}

async function saveSettings(deps: Deps, visit: Visit): Promise<Response> {
  await saveChange(
    visit,
    () => subjectOf(deps, visit),
    async (ctx, sent) => patchSettings(ctx, checkInput(SettingsPatch, readSettings(valuesOf(sent)))),
  )
  return redirect(`${settingsPath}?done=saved`)
}

export const settingsForm = (deps: Deps): Form => ({
  path: '',
  permission: 'settings:write',
  showPermission: 'settings:read',
  show: (visit, problem) => showSettings(deps, visit, problem),
  save: (visit) => saveSettings(deps, visit),
})

export async function stopPersonalData({ ctx }: Visit): Promise<Response> {
  await patchSettings(ctx, { webhooks: { includePersonalData: false } })
  return redirect(`${settingsPath}?done=stopped`)
}
