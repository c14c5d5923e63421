import { type Static, Type } from '@sinclair/typebox'
import { Strict, Text } from '../../../core/schema'
import type { Issue } from '../../../lib/errors'
import { normalizeEmail, normalizePhone, normalizePostcode } from '../../../lib/personal-data'

/** Sealed in this order: new ones go to the end, and are null in what was sealed before. */
export const residentFields = [
  'residentName',
  'residentEmail',
  'residentPhone',
  'residentAddress',
  'residentPostcode',
  'residentMessage',
] as const

export type ResidentField = (typeof residentFields)[number]
export type ResidentDetails = Record<ResidentField, string | null>

/** `residentUnreadable` where there are details that cannot be opened: all fields are then null. */
export type Resident = ResidentDetails & { residentUnreadable?: true }

export const nobody: Resident = {
  residentName: null,
  residentEmail: null,
  residentPhone: null,
  residentAddress: null,
  residentPostcode: null,
  residentMessage: null,
}

export const unreadable: Resident = { ...nobody, residentUnreadable: true }

export const isNobody = (resident: Resident) =>
  !resident.residentUnreadable && residentFields.every((field) => resident[field] === null)

type Normalize = (text: string) => string | undefined

/** Terms are normalised, so that equal values are the same text however they were written. */
const searchable = {
  email: { field: 'residentEmail', normalize: normalizeEmail, meaning: 'an e-mail address' },
  phone: { field: 'residentPhone', normalize: normalizePhone, meaning: 'a telephone number' },
  postcode: { field: 'residentPostcode', normalize: normalizePostcode, meaning: 'a UK postcode' },
} as const satisfies Record<string, { field: ResidentField; normalize: Normalize; meaning: string }>

export type Term = keyof typeof searchable
export const terms = Object.keys(searchable) as Term[]

/** Normalised; null if a term is missing or invalid. */
export const termsOf = (values: Partial<Record<Term, string | null>>): Record<Term, string | null> => ({
  email: normalized('email', values.email),
  phone: normalized('phone', values.phone),
  postcode: normalized('postcode', values.postcode),
})

const normalized = (term: Term, text: string | null | undefined) =>
  text == null ? null : (searchable[term].normalize(text) ?? null)

export const termsOfResident = (resident: Resident) =>
  termsOf({
    email: resident.residentEmail,
    phone: resident.residentPhone,
    postcode: resident.residentPostcode,
  })

/** `pathOf` is the name under which a term was sent. */
export function termIssues(
  values: Partial<Record<Term, string | null | undefined>>,
  pathOf: (term: Term) => string,
): Issue[] {
  return terms
    .filter((term) => typeof values[term] === 'string' && normalized(term, values[term]) === null)
    .map((term) => ({
      in: 'body',
      path: pathOf(term),
      code: 'format',
      message: `Is not ${searchable[term].meaning}`,
    }))
}

export const fieldOfTerm = (term: Term): ResidentField => searchable[term].field

export const ResidentSearch = Strict(
  {
    email: Type.Optional(Text(254)),
    phone: Type.Optional(Text(40)),
    postcode: Type.Optional(Text(10)),
  },
  { minProperties: 1, title: 'ResidentSearch', examples: [{ postcode: 'BS2 9YT' }] },
)
export type ResidentSearch = Static<typeof ResidentSearch>
