import { oneLine } from '../../core/schema'
import { type Role, roles } from '../../core/scopes'
import { normalizeEmail } from '../../lib/contact-details'
import { badFile, type RowFault } from '../../lib/import-file'
import { maxPhoneLength, phoneFault, readPhones } from '../../lib/phone'
import { wordAmong, yesOrNo } from '../../lib/plain-words'
import { type FileOptions, fieldsByHeading, readTable } from '../../lib/table-file'
import { readDate } from '../../lib/typed-date'
import { maxLengths } from './model'

/** The ward by GSS code, slug, name or id. */
export type TermInput = { line: number; ward: string; startDate: string; endDate: string | null }

/** A field missing from the file is undefined and left unchanged. */
export type UserInput = {
  line: number
  email: string
  name?: string
  role?: Role
  active?: boolean
  isContactPublic?: boolean
  party?: string | null
  bio?: string | null
  photoUrl?: string | null
  phone?: string | null
  surgeries?: string | null
  /** Set if the file has a column for wards: these are then all of the user's terms. */
  terms?: TermInput[]
}

/** Reads a cell that is not empty; undefined for one that does not fit. */
type Cell<Value = unknown> = { meaning: string; asValue: (text: string) => Value | undefined }

const yes: Cell<boolean> = { meaning: 'yes or no', asValue: yesOrNo }
const date: Cell<string> = {
  meaning: 'a date, such as 13/03/2026 or 13 March 2026',
  asValue: (text) => readDate(text).value,
}
const textLike = (form: RegExp, meaning: string): Cell<string> => ({
  meaning,
  asValue: (text) => (form.test(text) ? text : undefined),
})
const textOf = (most: number, meaning: string) => textLike(new RegExp(`^[\\s\\S]{1,${most}}$`), meaning)

const lineOf = (most: number, meaning: string) =>
  textLike(new RegExp(`^(?=[^]{1,${most}}$)${oneLine.slice(1)}`), `${meaning}, without control characters`)

const cells = {
  email: textOf(254, 'an e-mail address'),
  name: lineOf(200, 'a name of 200 characters at most'),
  role: { meaning: `one of ${roles.join(', ')}`, asValue: (text) => wordAmong(roles, text) } as Cell<Role>,
  active: yes,
  contactPublic: yes,
  party: lineOf(maxLengths.party, 'a party of 100 characters at most'),
  bio: textOf(maxLengths.bio, 'a text of 5,000 characters at most'),
  photoUrl: textLike(/^https?:\/\/\S{1,2000}$/, 'an address that begins with https:// or http://'),
  phone: textOf(maxLengths.phone, `a number of ${maxPhoneLength} characters at most`),
  surgeries: textOf(maxLengths.surgeries, 'a text of 1,000 characters at most'),
  ward: textOf(200, 'a ward’s GSS code, slug or name'),
  startDate: date,
  endDate: date,
}

type Field = keyof typeof cells
type Texts = Record<string, string>
/** Of a row: absent where its cell is empty or faulty. */
type Values = { [Name in Field]?: (typeof cells)[Name] extends Cell<infer Value> ? Value : never }

const fields = fieldsByHeading(
  Object.fromEntries(Object.keys(cells).map((name) => [name, []])) as unknown as Record<Field, []>,
)

const clearable = ['party', 'bio', 'photoUrl', 'phone', 'surgeries'] as const

/**
 * Reads CSV with our field names as headings, or others by `map`; every bad line is named. A councillor with several terms has one
 * line for each, of which only the first has the other fields.
 */
export function parseUsers(bytes: Uint8Array, options?: FileOptions): UserInput[] {
  const { rows, names } = readTable(bytes, { what: 'users', fields, required: 'email' }, options)
  const faults: RowFault[] = []
  const users = new Map<string, UserInput>()
  for (const { line, values: texts } of rows) {
    const fault = (reason: string) => void faults.push({ line, reason })
    const values = readCells(texts, fault)
    const given = normalizeEmail(texts.email ?? '')
    const email = given ?? (texts.email ?? '').toLowerCase()
    if (given === undefined) fault(`email "${email.slice(0, 50)}" is not an e-mail address`)
    if (texts.phone && readPhones(texts.phone).length === 0) fault(`phone: ${phoneFault}`)
    const term = names.includes('ward') ? readTerm(line, texts, values, fault) : null
    const known = users.get(email)
    if (email === '') continue
    if (known) addTerm(known, term, texts, fault)
    else users.set(email, readUser({ line, email, texts, values, term, hasTerms: names.includes('ward') }))
  }
  if (faults.length > 0) throw badFile(faults)
  return [...users.values()]
}

type Fault = (reason: string) => void

function readCells(texts: Texts, fault: Fault): Values {
  const values: Record<string, unknown> = {}
  for (const [name, text] of Object.entries(texts)) {
    if (text === '') continue
    const { meaning, asValue } = cells[name as Field]
    values[name] = asValue(text)
    if (values[name] === undefined) fault(`${name} "${text.slice(0, 50)}" is not ${meaning}`)
  }
  return values as Values
}

function readTerm(line: number, texts: Texts, values: Values, fault: Fault): TermInput | null {
  const { ward, startDate = '', endDate = null } = values
  if (!texts.ward) {
    if (texts.startDate || texts.endDate) fault('ward is missing for the dates of a term')
    return null
  }
  if (ward === undefined) return null
  if (endDate !== null && endDate < startDate) fault('endDate lies before startDate')
  return { line, ward, startDate, endDate }
}

function addTerm(user: UserInput, term: TermInput | null, texts: Texts, fault: Fault): void {
  if (term === null) {
    fault(`${user.email} is on line ${user.line} already`)
    return
  }
  const more = Object.keys(texts).find(
    (name) => !/^(email|name|ward|startDate|endDate)$/.test(name) && texts[name] !== '',
  )
  if (more) fault(`${more} stands only on the first line of a user, here line ${user.line}`)
  const isKnown = user.terms?.some(
    ({ ward, startDate }) => ward === term.ward && startDate === term.startDate,
  )
  if (isKnown) fault('the same term stands on a line before')
  user.terms?.push(term)
}

type Line = {
  line: number
  email: string
  texts: Texts
  values: Values
  term: TermInput | null
  hasTerms: boolean
}

function readUser({ line, email, texts, values, term, hasTerms }: Line): UserInput {
  const user: UserInput = { line, email }
  if (values.name) user.name = values.name
  if (values.role) user.role = values.role
  if (values.active !== undefined) user.active = values.active
  if (values.contactPublic !== undefined) user.isContactPublic = values.contactPublic
  for (const name of clearable) {
    if (texts[name] !== undefined) user[name] = texts[name] || null
  }
  if (hasTerms) user.terms = term ? [term] : []
  return user
}
