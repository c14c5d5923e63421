import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { type Entry, type PagePermission, pages, type Visit } from '../../http/pages'
import type { Problem } from './fields'
import { noProblem, submit } from './submit'

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
      .get(path, ({ visit, params }) => answerShow(form, visit, params), { page: showPermission })
      .post(path, ({ visit, params }) => answerSave(form, visit, params), { page: permission })
  }
  return app
}
