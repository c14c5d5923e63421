import type { Deps } from '../../core/ctx'
import { listTenants } from '../../core/tenants/store'
import type { Field } from '../form/fields'

/** Asks which council it is; if there is only one, asks nothing and gives its slug as `only`. */
export async function councilField({ store }: Deps): Promise<{ field: Field[]; only: string | null }> {
  const councils = await listTenants(store.read)
  if (councils.length <= 1) return { field: [], only: councils[0]?.slug ?? null }
  const options = councils.map(({ slug, name }) => ({ value: slug, text: name }))
  const choose = { value: '', text: 'Choose your council' }
  return {
    field: [{ name: 'council', label: 'Council', kind: 'select', options: [choose, ...options] }],
    only: null,
  }
}
