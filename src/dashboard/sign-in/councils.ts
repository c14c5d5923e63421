import type { Deps } from '../../core/ctx'
import { listTenants } from '../../core/tenants/store'
import { invalid } from '../../lib/errors'
import type { Field } from '../form/fields'
import type { Values } from '../form/values'
import { optionsOf } from '../options'

const choose = 'Choose your council'

/**
 * Asks which council it is; if there is only one, asks nothing. `councilOf` gives the slug of a form that was sent, and throws
 * if no council was chosen.
 */
export async function councilField({
  store,
}: Deps): Promise<{ field: Field[]; councilOf: (sent: Values) => string }> {
  const councils = await listTenants(store.read)
  if (councils.length <= 1) return { field: [], councilOf: () => councils[0]?.slug ?? '' }
  const choices = councils.map(({ slug, name }) => ({ id: slug, name, isInUse: true, distinction: slug }))
  return {
    field: [
      {
        name: 'council',
        label: 'Council',
        missing: choose,
        kind: 'select',
        options: [{ value: '', text: choose }, ...optionsOf(choices, 'in use', 'not in use')],
      },
    ],
    councilOf: ({ given }) => {
      const slug = given('council')
      if (slug === undefined)
        throw invalid([{ in: 'body', path: 'council', code: 'required', message: 'Must not be empty' }])
      return slug
    },
  }
}
