import type { Config } from '../config'
import type { Ctx } from '../core/ctx'
import { Strict } from '../core/schema'
import { invalid } from '../lib/errors'
import { placeFilters } from '../resources/cases/public/model'
import { listAllCategories } from '../resources/categories/store'
import { listAllWards } from '../resources/wards/store'

export const WardQuery = Strict(placeFilters)

/** The configured public address, or the one that the request was sent to. */
export const baseUrl = ({ publicUrl }: Config, request: Request): string =>
  (publicUrl ?? new URL(request.url).origin).replace(/\/$/, '')

export const publicAddress = (base: string, { tenant }: Ctx, file: string) =>
  `${base}/public/${tenant.slug}/${file}`

const noSuch = (path: string, message: string) => invalid([{ in: 'query', path, code: 'not_found', message }])

/** The id of a ward in use, given by slug, GSS code or id; undefined if none is given. */
export async function namedWard(ctx: Ctx, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined
  const wards = (await listAllWards(ctx)).filter(({ enabled }) => enabled)
  const ward = wards.find(({ id, slug, gssCode }) => [id, slug, gssCode].includes(name))
  if (!ward) throw noSuch('ward', 'There is no such ward')
  return ward.id
}

/** The id of a public category, given by slug or id; undefined if none is given. */
export async function namedCategory(ctx: Ctx, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined
  const categories = (await listAllCategories(ctx)).filter(({ visibility }) => visibility === 'public')
  const category = categories.find(({ id, slug }) => [id, slug].includes(name))
  if (!category) throw noSuch('category', 'There is no such category')
  return category.id
}
