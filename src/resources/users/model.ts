import { type Static, Type } from '@sinclair/typebox'
import type { Ctx } from '../../core/ctx'
import { Id, Nullable, OneOf, PageQuery, PaginationView, Sort, Strict, Text } from '../../core/schema'
import { roles } from '../../core/scopes'
import type { TermRow, UserRow } from '../../core/users/table'

export const userSorts = ['name', 'createdAt'] as const

const whereShown = 'null where it is not for this caller'

export const UserView = Strict({
  id: Type.String(),
  name: Type.String({ examples: ['Ada Green'] }),
  role: OneOf(roles),
  email: Nullable(Type.String({ description: `Address; ${whereShown}` })),
  party: Nullable(Type.String()),
  wardIds: Type.Array(Type.String(), { description: 'Wards that a councillor stands for today' }),
  terms: Type.Array(
    Strict({
      wardId: Type.String(),
      startDate: Nullable(Type.String({ description: 'First day; null where it is not known' })),
      endDate: Nullable(Type.String({ description: 'Last day; null while it lasts' })),
    }),
    { description: 'When a councillor stood, stands or will stand for which ward' },
  ),
  profile: Strict({
    bio: Nullable(Type.String()),
    photoUrl: Nullable(Type.String()),
    phone: Nullable(Type.String({ description: `Telephone number; ${whereShown}` })),
    surgeries: Nullable(Type.String({ description: 'When and where residents may call' })),
  }),
  active: Type.Boolean(),
})
export type UserView = Static<typeof UserView>

export const UserQuery = Strict({
  ...PageQuery,
  sort: Sort(userSorts),
  role: Type.Optional(OneOf(roles)),
  wardId: Type.Optional(Id),
  party: Type.Optional(Text(100)),
  active: Type.Optional(Type.Boolean()),
  search: Type.Optional(Text(100, { description: 'Part of the name' })),
})
export type UserQuery = Static<typeof UserQuery>

export const UserList = Strict({ users: Type.Array(UserView), pagination: PaginationView })

export const isCurrent = ({ startDate, endDate }: Pick<TermRow, 'startDate' | 'endDate'>, date: string) =>
  startDate <= date && (endDate === null || endDate >= date)

/**
 * Whether the caller may have the user's address and number: everybody where the user lets them be known, else the
 * council's own systems, its managers and the user themselves.
 */
export const maySeeContact = ({ acting }: Pick<Ctx, 'acting'>, { id, isContactPublic }: UserRow): boolean =>
  isContactPublic ||
  acting === null ||
  acting.role === 'admin' ||
  acting.role === 'manager' ||
  acting.id === id

/** The user as they leave Reeve, on this local date. */
export function toView(
  row: UserRow,
  terms: readonly TermRow[],
  { date, isContactShown }: { date: string; isContactShown: boolean },
): UserView {
  const { id, name, role, party, bio, photoUrl, surgeries, active } = row
  return {
    id,
    name,
    role,
    email: isContactShown ? row.email : null,
    party,
    wardIds: [...new Set(terms.filter((term) => isCurrent(term, date)).map(({ wardId }) => wardId))],
    terms: terms.map(({ wardId, startDate, endDate }) => ({
      wardId,
      startDate: startDate === '' ? null : startDate,
      endDate,
    })),
    profile: { bio, photoUrl, phone: isContactShown ? row.phone : null, surgeries },
    active,
  }
}
