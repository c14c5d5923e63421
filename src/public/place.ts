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

/** The page about the feeds, for councils whose website is not known, because RSS requires a page. */
export const feedGuide = (base: string) => `${base}/swagger/guide/public`

/** The absolute address of a page; undefined if no client could follow it. */
const followable = (address: string) => (URL.canParse(address) ? address : undefined)

/** The council’s own website, if it is known. */
export const websiteOf = ({ tenant: { website } }: Ctx): string | undefined =>
  website === null ? undefined : followable(website)

/** The page of an item with these names on the council’s website, or else the first of the other addresses that is usable. */
export const pageOf = (
  page: string | null,
  names: Record<string, string>,
  ...others: (string | null)[]
): string | undefined => {
  const own = page?.replace(/\{(\w+)\}/g, (whole, name) => encodeURIComponent(names[name] ?? whole)) ?? null
  for (const address of [own, ...others]) {
    if (address !== null && followable(address) !== undefined) return address
  }
  return undefined
}

const noSuch = (path: string, message: string) => invalid([{ in: 'query', path, code: 'not_found', message }])

/** The id of an enabled ward, even an expired one, by slug, GSS code or id; undefined if none is given. */
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
