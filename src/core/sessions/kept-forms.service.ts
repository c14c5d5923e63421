import { sha256 } from '../../lib/hash'
import { seal, unseal } from '../../lib/seal'
import { newToken } from '../../lib/token'
import type { Ctx, Deps } from '../ctx'
import { maintain } from '../write'
import { deleteKeptRows, findKeptRow, insertKeptRow } from './kept-forms.store'

/** The page that shows the form, and what it was sent with. */
export type SentForm = { path: string; form: URLSearchParams }

/** `id` may be in an address; `token` is for the cookie of the browser that sent the form. */
export type KeptForm = { id: string; token: string }

/** Minutes for which a form is kept, and how many of one person. */
export const keptMinutes = 60
const most = 10

/** Names of hidden fields: whose the form is, and which kept form it shows again. */
export const ownerField = 'whose'
export const keptField = 'kept'

const ownerBinding = 'owner of a form'

/** A hidden value by which a form still says whose it is when its session has ended. */
export const ownerMark = ({ secrets, tenantId, actor }: Ctx): string =>
  seal(secrets.seal, JSON.stringify([tenantId, actor.id]), ownerBinding)

/** Whether the form says that it is somebody else’s, such as one that was open while another person signed in. */
export function isOfAnother({ secrets, tenantId, actor }: Ctx, form: URLSearchParams): boolean {
  const owner = unseal(secrets.seal, form.get(ownerField) ?? '', ownerBinding)
  return owner !== null && owner !== JSON.stringify([tenantId, actor.id])
}

const formBinding = (id: string, tenantId: string, userId: string) =>
  JSON.stringify(['kept form', id, tenantId, userId])

type Keeping = Pick<Deps, 'store' | 'secrets' | 'clock' | 'newId' | 'random'>

/**
 * Keeps a form whose owner has to sign in first: sealed, for this browser and this user alone, and never performed. `token` is
 * that of the browser, if it has one already. Null if the form does not say whose it is, as one that asks for a password.
 */
export async function keepForm(
  deps: Keeping,
  { path, form }: SentForm,
  token: string | null,
): Promise<KeptForm | null> {
  const owner = unseal(deps.secrets.seal, form.get(ownerField) ?? '', ownerBinding)
  if (owner === null) return null
  const [tenantId, userId] = JSON.parse(owner) as [string, string]
  const kept: KeptForm = { id: deps.newId(), token: token ?? newToken(deps.random) }
  const fields = [...form].filter(([name]) => name !== ownerField && name !== keptField)
  const text = JSON.stringify([path, fields])
  const row = {
    id: kept.id,
    tenantId,
    userId,
    browser: sha256(kept.token),
    form: seal(deps.secrets.seal, text, formBinding(kept.id, tenantId, userId)),
    expiresAt: new Date(deps.clock.now().getTime() + keptMinutes * 60_000),
  }
  await maintain(deps, (m) => insertKeptRow(m, row, most))
  return kept
}

/** What the caller sent from this browser to this path; null if nothing is kept under this id, or it cannot be opened. */
export async function findKeptForm(
  ctx: Ctx,
  { id, token }: { id: string; token: string | null },
  path: string,
): Promise<URLSearchParams | null> {
  const row = token === null ? undefined : await findKeptRow(ctx, { id, browser: sha256(token) })
  const text = row && unseal(ctx.secrets.seal, row.form, formBinding(id, row.tenantId, row.userId))
  if (!text) return null
  const [sentTo, fields] = JSON.parse(text) as [string, [string, string][]]
  return sentTo === path ? new URLSearchParams([...fields, [keptField, id]]) : null
}

/** Deletes what was kept of a form, once it has been sent with success. */
export async function forgetForm(
  deps: Pick<Deps, 'store'>,
  ctx: Ctx,
  kept: { id: string; token: string | null },
): Promise<void> {
  const row =
    kept.token === null ? undefined : await findKeptRow(ctx, { id: kept.id, browser: sha256(kept.token) })
  if (row) await maintain(deps, (m) => deleteKeptRows(m, [row.id]))
}
