import type { Deps } from '../../core/ctx'
import { listTenants } from '../../core/tenants/store'
import { invalid } from '../../lib/errors'
import type { Field } from '../form/fields'
import type { Values } from '../form/values'

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
  const options = councils.map(({ slug, name }) => ({ value: slug, text: name }))
  return {
    field: [
      {
        name: 'council',
        label: 'Council',
        missing: choose,
        kind: 'select',
        options: [{ value: '', text: choose }, ...options],
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
