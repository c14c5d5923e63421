import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { findKeptForm, forgetForm, isOfAnother, keptField } from '../../core/sessions/kept-forms.service'
import { type Entry, type PagePermission, pages, type Visit } from '../../http/pages'
import { formsTokenOf } from '../../http/session-cookie'
import { conflict } from '../../lib/errors'
import type { Problem } from './fields'
import { keptProblem, noProblem, submit } from './submit'

type Params = Record<string, string>
type Answer = Promise<Response>

/** Methods, not properties: so each form can declare the parameters that its own path has. */
type Steps<Asker> = {
  /** Shown by GET, saved by POST. */
  path: string
  /** Answers instead of the form if this visitor has no use for it. */
  divert?(asker: Asker, params: Params): Response | null | Promise<Response | null>
  show(asker: Asker, problem: Problem, params: Params): Answer
  /** Throws what it refuses: `show` is then called with the problem. */
  save(asker: Asker, params: Params): Answer
}

/** A form for people who are signed in. */
export type Form = Steps<Visit> & {
  permission: PagePermission
  /** If more people may look at the form than may save it. */
  showPermission?: PagePermission
}

/** A form that needs no session. */
export type EntryForm = Steps<Entry> & { permission: 'everybody' }

async function answerShow<Asker>(form: Steps<Asker>, asker: Asker, params: Params): Answer {
  return (await form.divert?.(asker, params)) ?? form.show(asker, noProblem, params)
}

/** Shows the form as its author sent it when they were no longer signed in, if the address asks for that. */
async function answerVisit(form: Form, visit: Visit, params: Params): Answer {
  const kept = await keptIn(visit)
  if (kept === null) return answerShow(form, visit, params)
  const author = { ...visit, form: kept }
  return (await form.divert?.(author, params)) ?? form.show(author, keptProblem, params)
}

function keptIn({ request, query, ctx }: Visit): Promise<URLSearchParams | null> {
  const id = query.get(keptField)
  const token = formsTokenOf(request)
  return id === null ? Promise.resolve(null) : findKeptForm(ctx, { id, token }, new URL(request.url).pathname)
}

async function answerSave<Asker>(form: Steps<Asker>, asker: Asker, params: Params): Answer {
  const diverted = await form.divert?.(asker, params)
  return (
    diverted ??
    submit(
      () => form.save(asker, params),
      (problem) => form.show(asker, problem, params),
    )
  )
}

const openedByAnother =
  'Somebody else was signed in when this form was opened. Check who is signed in now, then press the button again to send it as them'

/** In another tab, somebody else may have signed in since, for another council even: nothing is done in their name unasked. */
const askingOthers = (form: Form): Form => ({
  ...form,
  save: async (visit, params) => {
    if (isOfAnother(visit.ctx, visit.form)) throw conflict(openedByAnother)
    return form.save(visit, params)
  },
})

/** What was kept of a form is of no more use once it has been saved. */
async function answerSent(deps: Deps, form: Form, visit: Visit, params: Params): Answer {
  const answer = await answerSave(askingOthers(form), visit, params)
  const id = visit.form.get(keptField)
  if (id !== null && answer.status < 400) {
    await forgetForm(deps, visit.ctx, { id, token: formsTokenOf(visit.request) })
  }
  return answer
}

const isForEverybody = (form: Form | EntryForm): form is EntryForm => form.permission === 'everybody'

/** The two routes of each form, below the prefix of whoever uses them. */
export function formRoutes(deps: Deps, forms: readonly (Form | EntryForm)[]) {
  const app = new Elysia().use(pages(deps))
  for (const form of forms) {
    if (isForEverybody(form)) {
      app
        .get(form.path, ({ entry, params }) => answerShow(form, entry, params), { entry: true })
        .post(form.path, ({ entry, params }) => answerSave(form, entry, params), { entry: true })
      continue
    }
    const { path, permission, showPermission = permission } = form
    app
      .get(path, ({ visit, params }) => answerVisit(form, visit, params), { page: showPermission })
      .post(path, ({ visit, params }) => answerSent(deps, form, visit, params), { page: permission })
  }
  return app
}
