import { Type } from '@sinclair/typebox'
import type { Ctx } from '../../core/ctx'
import { Nullable, Strict } from '../../core/schema'
import { type Export, type Import, writeRecords } from '../../core/transfer'
import { listUsers } from '../../core/users/store'
import type { TermRow, UserRow } from '../../core/users/table'
import { recordFirst } from '../../core/write'
import { wardReferences } from '../wards/model'
import { listAllWards } from '../wards/store'
import { parseUsers, type UserInput } from './import'
import { importUsers, previewUsers } from './service'
import { getTerms } from './store'

const Cell = Nullable(Type.String())
const YesOrNo = Nullable(Type.Boolean())

/** A line for each term; only the first has the user’s other fields. */
const UserLine = Strict({
  email: Type.String(),
  name: Cell,
  role: Cell,
  active: YesOrNo,
  party: Cell,
  bio: Cell,
  photoUrl: Cell,
  phone: Cell,
  surgeries: Cell,
  contactPublic: YesOrNo,
  ward: Cell,
  startDate: Cell,
  endDate: Cell,
})
type UserLine = (typeof UserLine)['static']

export const userExport: Export = {
  name: 'users',
  formats: ['csv'],
  write: (ctx, format) => writeRecords(format, { list: 'users', schema: UserLine }, exported(ctx)),
}

const partRows = 200

/** By e-mail address, without passwords. The export is recorded first. */
async function* exported(ctx: Ctx): AsyncGenerator<UserLine[]> {
  await recordFirst(ctx, 'user.export', [{ entity: 'user', id: 'export' }])
  const wards = wardReferences(await listAllWards(ctx))
  const rows = (await listUsers(ctx)).sort((a, b) => (a.email < b.email ? -1 : 1))
  for (let i = 0; i < rows.length; i += partRows) {
    const part = rows.slice(i, i + partRows)
    const terms = await getTerms(
      ctx,
      part.map(({ id }) => id),
    )
    yield part.flatMap((row) => linesOf(row, terms.get(row.id) ?? [], wards))
  }
}

const blank = {
  name: null,
  role: null,
  active: null,
  party: null,
  bio: null,
  photoUrl: null,
  phone: null,
  surgeries: null,
  contactPublic: null,
}

function linesOf(row: UserRow, terms: readonly TermRow[], wards: ReadonlyMap<string, string>): UserLine[] {
  const { email, name, role, active, party, bio, photoUrl, phone, surgeries, isContactPublic } = row
  const own = { name, role, active, party, bio, photoUrl, phone, surgeries, contactPublic: isContactPublic }
  const sorted = terms
    .map(({ wardId, startDate, endDate }) => ({ ward: wards.get(wardId) ?? wardId, startDate, endDate }))
    .sort((a, b) => (`${a.startDate} ${a.ward}` < `${b.startDate} ${b.ward}` ? -1 : 1))
  const [first = { ward: null, startDate: null, endDate: null }, ...others] = sorted
  return [{ email, ...own, ...first }, ...others.map((term) => ({ email, ...blank, ...term }))]
}

export const userImport: Import<UserInput> = {
  name: 'users',
  description:
    'CSV: email, name, role, party, bio, photoUrl, phone, surgeries, contactPublic, active, ward, startDate, endDate',
  parse: (bytes, _, options) => ({ inputs: parseUsers(bytes, options) }),
  preview: previewUsers,
  save: importUsers,
}
