import { type Static, Type } from '@sinclair/typebox'
import { Id, Prose, Strict, Text } from '../../../core/schema'
import { maxPhoneLength } from '../../../lib/phone'
import type { CategoryRow } from '../../categories/table'
import type { WardRow, WardTier } from '../../wards/table'

export const ContactCreate = Strict(
  {
    name: Text(200, { examples: ['Margaret Hughes'] }),
    email: Type.Optional(Text(254, { examples: ['m.hughes@example.org'] })),
    phone: Type.Optional(Text(maxPhoneLength)),
    postcode: Type.Optional(Text(10)),
    message: Prose(20_000, { examples: ['There is a deep pothole on Mina Road.'] }),
    categoryId: Type.Optional(Id),
    wardId: Type.Optional(Id),
    location: Type.Optional(
      Strict({
        latitude: Type.Number({ minimum: -90, maximum: 90 }),
        longitude: Type.Number({ minimum: -180, maximum: 180 }),
        address: Type.Optional(Prose(500)),
      }),
    ),
    website: Type.Optional(
      Type.String({ maxLength: 2_000, description: 'Leave it empty: only robots fill it in' }),
    ),
  },
  {
    examples: [
      {
        name: 'Margaret Hughes',
        email: 'm.hughes@example.org',
        message: 'There is a deep pothole on Mina Road.',
        website: '',
      },
    ],
  },
)
export type ContactCreate = Static<typeof ContactCreate>

export const ContactView = Strict(
  {
    reference: Type.String({ description: 'What the case is called', examples: ['CW-2026-0042'] }),
    secret: Type.String({
      description: 'Lets the resident track the case; shown only once',
      examples: ['k3m9x-7pq2w-8hj4n-5rt6v'],
    }),
  },
  { title: 'Contact' },
)
export type ContactView = Static<typeof ContactView>

/** The form's names for fields of a case. */
export const caseField: Record<string, string> = {
  residentName: 'name',
  residentEmail: 'email',
  residentPhone: 'phone',
  residentPostcode: 'postcode',
  residentMessage: 'message',
}

const summaryLength = 200

/** Named in a summary together with what they are. */
const namedTiers: readonly string[] = ['ward', 'division', 'parish'] satisfies WardTier[]

function placeWords({ name, tier }: Pick<WardRow, 'name' | 'tier'>): string {
  const isNamed = namedTiers.includes(tier) && !name.toLowerCase().endsWith(` ${tier}`)
  return isNamed ? `${name} ${tier}` : name
}

/** The council’s words for a case until somebody writes better ones: nothing in them is the resident’s. */
export function summaryOf(
  category: Pick<CategoryRow, 'name'> | undefined,
  ward: Pick<WardRow, 'name' | 'tier'> | undefined,
): string {
  const what = category?.name ?? 'Message from the website'
  const whole = ward === undefined ? what : `${what}, ${placeWords(ward)}`
  return whole.length <= summaryLength ? whole : what
}
