import type { Ctx, Writer } from '../../../core/ctx'
import { inspect } from '../../../core/validation'
import { write } from '../../../core/write'
import { AppError, type Issue, invalid } from '../../../lib/errors'
import type { RandomBytes } from '../../../lib/random'
import { localYear } from '../../../lib/time'
import { newTypedCode } from '../../../lib/typed-code'
import { findCategory } from '../../categories/store'
import type { CategoryRow } from '../../categories/table'
import { isInUse } from '../../wards/model'
import { findWard, findWardAt, today } from '../../wards/store'
import type { WardRow } from '../../wards/table'
import type { CaseCreate } from '../input'
import { formatReference } from '../rules/reference'
import { makeCase } from '../service'
import { ContactCreate, type ContactView, caseField, summaryOf } from './contact.model'
import { insertTracker } from './store'

/**
 * Creates a case from a resident’s message, in the ward of its location unless they choose one. What they wrote is a
 * detail of the resident, like their name. A robot, which fills in every field, gets an answer like any other, and nothing
 * is kept.
 */
export async function createContact(
  ctx: Ctx,
  random: RandomBytes,
  input: ContactCreate,
): Promise<ContactView> {
  if (input.website) return pretended(ctx, random)
  const secret = newTypedCode(random)
  try {
    return await write(ctx, 'case.contact', async (w) => {
      const { issues, sound } = inspect(ContactCreate, input)
      const asked = await caseOf(w, { name: '', message: '', ...sound }, issues)
      const { change, row } = await makeCase(w, asked, ['case_created', 'contact_submitted'], issues)
      await insertTracker(w, row.id, secret)
      return { changes: [change], result: { reference: row.reference, secret } }
    })
  } catch (error) {
    throw inFormWords(error)
  }
}

async function caseOf(w: Writer, input: ContactCreate, issues: Issue[]): Promise<CaseCreate> {
  const { name, email, phone, postcode, message, location } = input
  const { ward, category } = await placesOf(w, input, issues)
  return {
    summary: summaryOf(category, ward),
    sourceChannel: 'web',
    residentName: name,
    residentMessage: message,
    ...(email && { residentEmail: email }),
    ...(phone && { residentPhone: phone }),
    ...(postcode && { residentPostcode: postcode }),
    ...(ward && { wardId: ward.id }),
    ...(category && { categoryId: category.id }),
    ...(location && { location }),
  }
}

type Places = { ward: WardRow | undefined; category: CategoryRow | undefined }

/** Residents may choose only wards in use and public categories. */
async function placesOf(
  w: Writer,
  { wardId, categoryId, location }: ContactCreate,
  issues: Issue[],
): Promise<Places> {
  const chosen = wardId === undefined ? undefined : await findWard(w, wardId)
  if (wardId !== undefined && !(chosen && isInUse(chosen, today(w)))) {
    issues.push({ in: 'body', path: 'wardId', code: 'not_found', message: 'There is no such ward' })
  }
  const category = categoryId === undefined ? undefined : await findCategory(w, categoryId)
  if (categoryId !== undefined && !(category?.active && category.visibility === 'public')) {
    issues.push({ in: 'body', path: 'categoryId', code: 'not_found', message: 'There is no such category' })
  }
  if (issues.length > 0) return { ward: undefined, category: undefined }
  return { ward: chosen ?? (location && (await findWardAt(w, location))), category }
}

function inFormWords(error: unknown): unknown {
  if (!(error instanceof AppError) || !Array.isArray(error.details.issues)) return error
  const issues = error.details.issues as Issue[]
  return invalid(issues.map((issue) => ({ ...issue, path: caseField[issue.path] ?? issue.path })))
}

function pretended({ tenant, clock }: Ctx, random: RandomBytes): ContactView {
  const [high = 0, low = 0] = random(2)
  const number = 1 + ((high * 256 + low) % 9_999)
  const reference = formatReference(tenant.referencePrefix, localYear(clock.now(), tenant.timezone), number)
  return { reference, secret: newTypedCode(random) }
}
