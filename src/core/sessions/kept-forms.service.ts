import { sha256 } from '../../lib/hash'
import { seal, unseal } from '../../lib/seal'
import { newToken } from '../../lib/token'
import type { Ctx, Deps } from '../ctx'
import { maintain } from '../write'
import { deleteKeptRows, findKeptRow, insertKeptRow } from './kept-forms.store'

/** The path of the form’s page, and the fields that were sent. */
export type SentForm = { path: string; form: URLSearchParams }

/** `id` may be in an address; `token` is for the cookie of the browser that sent the form. */
export type KeptForm = { id: string; token: string }

/** How many minutes a form is kept, and how many forms for one user. */
export const keptMinutes = 60
const most = 10

/** Names of hidden fields: the form’s owner, and the kept form that it shows again. */
export const ownerField = 'whose'
export const keptField = 'kept'

const ownerBinding = 'owner of a form'

/** A hidden value that still proves the form’s owner after the session has ended. */
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
 * Keeps a form until its owner has signed in: sealed, for this browser and this user alone, and never performed. `token` is
 * the one that the browser already has, if any. Null if the form has no owner mark, such as one that asks for a password.
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

/** The form that the caller sent from this browser to this path; null if there is none with this id, or no key opens it. */
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

/** Deletes a kept form after it has been saved. */
export async function forgetForm(
  deps: Pick<Deps, 'store'>,
  ctx: Ctx,
  kept: { id: string; token: string | null },
): Promise<void> {
  const row =
    kept.token === null ? undefined : await findKeptRow(ctx, { id: kept.id, browser: sha256(kept.token) })
  if (row) await maintain(deps, (m) => deleteKeptRows(m, [row.id]))
}
