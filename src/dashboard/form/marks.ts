import { keptField, ownerField, ownerMark } from '../../core/sessions/kept-forms.service'
import type { Visit } from '../../http/pages'
import type { Field, Problem } from './fields'
import { onceMarks } from './once'

/** The hidden values of a form, by their names. */
export type Marks = Record<string, string | null>

const asksForSecret = (fields: readonly Field[]) =>
  fields.some(({ kind }) => kind === 'password' || kind === 'code')

/**
 * Whose the form is, so that it is kept if the session has ended when it is sent; which kept form it shows again; and the key by
 * which it takes effect once. A form that asks for a password or a code has none of them, so that these are stored nowhere.
 */
export function marksOf(visit: Visit, fields: readonly Field[], problem: Problem): Marks {
  if (asksForSecret(fields)) return {}
  return {
    [ownerField]: ownerMark(visit.ctx),
    [keptField]: visit.form.get(keptField),
    ...onceMarks(visit, problem),
  }
}
