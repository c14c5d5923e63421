import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { pages, type Visit } from '../../http/pages'
import type { Issue } from '../../lib/errors'
import { SettingsPatch } from '../../resources/settings/model'
import { getSettings, patchSettings } from '../../resources/settings/service'
import { mayUse, toAdministration } from '../administration/places'
import { changing, showChange } from '../form/change'
import { type Problem, readFields } from '../form/fields'
import { checkInput } from '../form/input'
import { listFields } from '../form/listed'
import { noProblem, submit } from '../form/submit'
import { valuesOf } from '../form/values'
import { redirect, showPage } from '../page'
import { originsOf, readSettings, settingsFields, shownSettings } from './fields'

const notices = {
  saved: 'The settings were saved',
  stopped: 'Webhooks carry no personal data any more',
}

const hrefOf = '/admin/settings'

/** What is wrong with a web origin, with the line that it is on. */
function named(problem: Problem, origins: readonly string[]): Problem {
  const name = (issue: Issue): Issue => {
    const [, line] = /^corsOrigins\.(\d+)$/.exec(issue.path) ?? []
    if (line === undefined) return issue
    const message = issue.message.replace(/^[IM]/, (letter) => letter.toLowerCase())
    return { ...issue, message: `“${origins[Number(line)] ?? ''}” ${message}` }
  }
  return { ...problem, issues: problem.issues.map(name) }
}

/** How the council works with Reeve. */
export const settingsPages = (deps: Deps) => {
  const { rateLimit } = deps.config
  const show = async (visit: Visit, problem: Problem = noProblem) => {
    const view = await getSettings(visit.ctx)
    const fields = settingsFields(rateLimit)
    const shown = shownSettings(view)
    const page = { title: 'Settings', back: toAdministration(visit) }
    const more = { sendsPersonalData: view.webhooks.includePersonalData }
    if (!mayUse(visit, 'settings:write')) {
      const intro = 'Administrators of your council can change them.'
      return showPage(visit, 'settings/list.njk', {
        ...page,
        ...more,
        intro,
        rows: listFields(fields, shown),
      })
    }
    return showChange(visit, {
      ...page,
      view: 'settings/page.njk',
      fields,
      state: view,
      shown,
      problem: problem.issues.length > 0 ? named(problem, originsOf(sentOf(visit))) : problem,
      button: 'Save the settings',
      notices,
      more,
    })
  }
  const sentOf = ({ form }: Visit) => valuesOf(readFields(settingsFields(rateLimit), form))
  const save = (visit: Visit) =>
    submit(
      async () => {
        const ctx = changing(visit)
        await patchSettings(ctx, checkInput(SettingsPatch, readSettings(sentOf(visit))))
        return redirect(`${hrefOf}?done=saved`)
      },
      (problem) => show(visit, problem),
    )
  return new Elysia({ prefix: hrefOf })
    .use(pages(deps))
    .get('', ({ visit }) => show(visit), { page: 'settings:read' })
    .post('', ({ visit }) => save(visit), { page: 'settings:write' })
    .post(
      '/personal-data/stop',
      async ({ visit }) => {
        await patchSettings(visit.ctx, { webhooks: { includePersonalData: false } })
        return redirect(`${hrefOf}?done=stopped`)
      },
      { page: 'settings:write' },
    )
}
