import type { Config } from '../config'
import type { Ctx } from '../core/ctx'
import { invalid } from '../lib/errors'
import { listAllCategories } from '../resources/categories/store'
import { listAllWards } from '../resources/wards/store'

/** Where this server is, as the rest of the world knows it. */
export const baseUrl = ({ publicUrl }: Config, request: Request): string =>
  (publicUrl ?? new URL(request.url).origin).replace(/\/$/, '')

/** The address of a council's public answer. */
export const publicAddress = (base: string, { tenant }: Ctx, file: string) =>
  `${base}/public/${tenant.slug}/${file}`

const noSuch = (path: string, message: string) => invalid([{ in: 'query', path, code: 'not_found', message }])

/** The ward in use that a resident names by slug, GSS code or id; undefined where none is named. */
export async function namedWard(ctx: Ctx, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined
  const wards = (await listAllWards(ctx)).filter(({ enabled }) => enabled)
  const ward = wards.find(({ id, slug, gssCode }) => [id, slug, gssCode].includes(name))
  if (!ward) throw noSuch('ward', 'There is no such ward')
  return ward.id
}

/** The category open to residents that one names by slug or id; undefined where none is named. */
export async function namedCategory(ctx: Ctx, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined
  const categories = (await listAllCategories(ctx)).filter(({ visibility }) => visibility === 'public')
  const category = categories.find(({ id, slug }) => [id, slug].includes(name))
  if (!category) throw noSuch('category', 'There is no such category')
  return category.id
}
