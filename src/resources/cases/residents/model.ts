import { type Static, Type } from '@sinclair/typebox'
import { Strict, Text } from '../../../core/schema'
import { addressIn, normalizeEmail, normalizePostcode } from '../../../lib/contact-details'
import type { Issue } from '../../../lib/errors'
import { maxPhoneLength, phoneFault, readPhones } from '../../../lib/phone'

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

type Read = (text: string) => string[]

const listed = (value: string | undefined) => (value === undefined ? [] : [value])

/** Normalised, so that equal values are the same text however they were written. */
const searchable = {
  email: {
    field: 'residentEmail',
    read: (text) => listed(normalizeEmail(text)),
    fault: 'Must be an e-mail address, such as name@example.org',
  },
  phone: { field: 'residentPhone', read: readPhones, fault: phoneFault },
  postcode: {
    field: 'residentPostcode',
    read: (text) => listed(normalizePostcode(text)),
    fault: 'Must be a UK postcode, such as SW1A 2AA',
  },
} as const satisfies Record<string, { field: ResidentField; read: Read; fault: string }>

export type Term = keyof typeof searchable
export const terms = Object.keys(searchable) as Term[]

/** Normalised; none if a term is missing or invalid. People give several telephone numbers. */
export type TermValues = Record<Term, string[]>

export const termsOf = (values: Partial<Record<Term, string | null>>): TermValues => ({
  email: read('email', values.email),
  phone: read('phone', values.phone),
  postcode: read('postcode', values.postcode),
})

const read = (term: Term, text: string | null | undefined): string[] =>
  text == null ? [] : searchable[term].read(text)

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
    .filter((term) => typeof values[term] === 'string' && read(term, values[term]).length === 0)
    .map((term) => ({
      in: 'body',
      path: pathOf(term),
      code: 'format',
      message: searchable[term].fault,
    }))
}

/** The details as they are stored: an e-mail address loses the name before it. */
export const keptDetails = <T extends Partial<Record<ResidentField, string | null | undefined>>>(
  given: T,
): T => (given.residentEmail == null ? given : { ...given, residentEmail: addressIn(given.residentEmail) })

export const fieldOfTerm = (term: Term): ResidentField => searchable[term].field

export const ResidentSearch = Strict(
  {
    email: Type.Optional(Text(254)),
    phone: Type.Optional(Text(maxPhoneLength)),
    postcode: Type.Optional(Text(10)),
  },
  { minProperties: 1, title: 'ResidentSearch', examples: [{ postcode: 'BS2 9YT' }] },
)
export type ResidentSearch = Static<typeof ResidentSearch>
