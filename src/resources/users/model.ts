import { type Static, Type } from '@sinclair/typebox'
import type { Ctx } from '../../core/ctx'
import { WebAddress } from '../../core/publishing'
import { Id, Nullable, OneOf, PageQuery, PaginationView, Prose, Sort, Strict, Text } from '../../core/schema'
import { roles } from '../../core/scopes'
import { EmailAddress, UserName } from '../../core/users/model'
import type { TermRow, UserRow } from '../../core/users/table'
import { maxPhoneLength } from '../../lib/phone'

const userSorts = ['name', 'createdAt'] as const

const whereShown = 'null if this caller may not see it'

export const UserView = Strict({
  id: Type.String(),
  name: Type.String({ examples: ['Ada Green'] }),
  role: OneOf(roles),
  email: Nullable(Type.String({ description: `Email address; ${whereShown}` })),
  party: Nullable(Type.String()),
  wardIds: Type.Array(Type.String(), { description: 'Wards that a councillor represents today' }),
  terms: Type.Array(
    Strict({
      wardId: Type.String(),
      startDate: Nullable(Type.String({ description: 'First day; null if not known' })),
      endDate: Nullable(Type.String({ description: 'Last day; null if not ended' })),
    }),
    { description: 'Which wards a councillor represents, and when: past, present and future' },
  ),
  profile: Strict({
    bio: Nullable(Type.String()),
    photoUrl: Nullable(Type.String()),
    phone: Nullable(Type.String({ description: `Telephone number; ${whereShown}` })),
    surgeries: Nullable(Type.String({ description: 'When and where residents can meet the councillor' })),
  }),
  active: Type.Boolean(),
})
export type UserView = Static<typeof UserView>

/** What people who may edit the user see. */
export type UserDetails = UserView & { isContactPublic: boolean }

/** Maximum lengths in characters. */
export const maxLengths = { party: 100, bio: 5_000, phone: maxPhoneLength, surgeries: 1_000 } as const

const profile = {
  party: Type.Optional(Nullable(Text(maxLengths.party))),
  bio: Type.Optional(Nullable(Prose(maxLengths.bio))),
  photoUrl: Type.Optional(Nullable(WebAddress)),
  phone: Type.Optional(Nullable(Text(maxLengths.phone))),
  surgeries: Type.Optional(Nullable(Prose(maxLengths.surgeries))),
  isContactPublic: Type.Optional(Type.Boolean()),
}

export const ProfilePatch = Strict(profile)
export type ProfilePatch = Static<typeof ProfilePatch>

const UserWards = Type.Array(Id, { maxItems: 100 })

export const UserInvite = Strict({
  email: EmailAddress,
  name: UserName,
  role: OneOf(roles),
  wardIds: UserWards,
})
export type UserInvite = Static<typeof UserInvite>

export const UserPatch = Strict({
  name: Type.Optional(UserName),
  email: Type.Optional(EmailAddress),
  role: Type.Optional(OneOf(roles)),
  active: Type.Optional(Type.Boolean()),
  wardIds: Type.Optional(UserWards),
  ...profile,
})
export type UserPatch = Static<typeof UserPatch>

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
 * Anybody if the user makes their contact details public; otherwise the council's own systems, managers and the user.
 */
export const maySeeContact = ({ acting }: Pick<Ctx, 'acting'>, { id, isContactPublic }: UserRow): boolean =>
  isContactPublic ||
  acting === null ||
  acting.role === 'admin' ||
  acting.role === 'manager' ||
  acting.id === id

/** On this local date. */
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
