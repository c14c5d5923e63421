import type { CasePatch } from '../../../resources/cases/input'
import type { Field, Problem } from '../../form/fields'

const reasonField = 'confirmPersonalData.reason'

const fields: Field[] = [
  {
    name: 'isConfirmed',
    label: 'I confirm that the public may read this',
    hint: 'For example, if the number belongs to an organisation, or the word is not meant as a name',
    kind: 'checkbox',
  },
  {
    name: reasonField,
    label: 'Reason',
    hint: 'The audit log keeps it with your name. Do not repeat the personal data here',
    missing: 'Enter a reason',
    kind: 'text',
  },
]

/** Asked only after personal data was found in a text for the public. */
export const confirmingFields = ({ issues }: Problem, form: URLSearchParams): Field[] =>
  issues.some(({ code }) => code === 'personal') || form.has(reasonField) ? fields : []

export const confirmationIn = (form: URLSearchParams): Pick<CasePatch, 'confirmPersonalData'> =>
  form.get('isConfirmed') === 'true'
    ? { confirmPersonalData: { reason: (form.get(reasonField) ?? '').trim() } }
    : {}
