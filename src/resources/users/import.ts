import { type Role, roles } from '../../core/scopes'
import { normalizeEmail } from '../../lib/contact-details'
import { parseCsv } from '../../lib/csv'
import { badFile, decodeText, type RowFault } from '../../lib/import-file'
import { maxPhoneLength, phoneFault, readPhones } from '../../lib/phone'
import { startOfLocalDate } from '../../lib/time'
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

type Cell = { form: RegExp; meaning: string }

const yesOrNo: Cell = { form: /^(true|false|yes|no|1|0)$/i, meaning: 'yes or no' }
const date: Cell = { form: /^\d{4}-\d{2}-\d{2}$/, meaning: 'a date (YYYY-MM-DD)' }

const textCell = (most: number, meaning: string): Cell => ({
  form: new RegExp(`^[\\s\\S]{1,${most}}$`),
  meaning,
})

/** By lower-case heading. */
const cells = {
  email: textCell(254, 'an e-mail address'),
  name: textCell(200, 'a name of 200 characters at most'),
  role: { form: new RegExp(`^(${roles.join('|')})$`), meaning: `one of ${roles.join(', ')}` },
  active: yesOrNo,
  contactpublic: yesOrNo,
  party: textCell(maxLengths.party, 'a party of 100 characters at most'),
  bio: textCell(maxLengths.bio, 'a text of 5,000 characters at most'),
  photourl: { form: /^https?:\/\/\S{1,2000}$/, meaning: 'an address that begins with https:// or http://' },
  phone: textCell(maxLengths.phone, `a number of ${maxPhoneLength} characters at most`),
  surgeries: textCell(maxLengths.surgeries, 'a text of 1,000 characters at most'),
  ward: textCell(200, 'a ward’s GSS code, slug or name'),
  startdate: date,
  enddate: date,
} satisfies Record<string, Cell>

type Heading = keyof typeof cells
type Values = Record<string, string>

const clearable = [
  ['party', 'party'],
  ['bio', 'bio'],
  ['photourl', 'photoUrl'],
  ['phone', 'phone'],
  ['surgeries', 'surgeries'],
] as const

/**
 * Reads CSV with our field names as headings, in any order and case; every bad line is named. A councillor with
 * several terms has one line for each, of which only the first has the other fields.
 */
export function parseUsers(bytes: Uint8Array): UserInput[] {
  const rows = parseCsv(decodeText(bytes))
  if (rows.length === 0) throw badFile([{ line: 1, reason: 'holds no users' }])
  const headings = Object.keys(rows[0]?.values ?? {})
  const unknown = headings.filter((heading) => !(heading in cells))
  if (unknown.length > 0) throw badFile([{ line: 1, reason: `has unknown headings: ${unknown.join(', ')}` }])
  if (!headings.includes('email')) throw badFile([{ line: 1, reason: 'has no heading email' }])
  const faults: RowFault[] = []
  const users = new Map<string, UserInput>()
  for (const { line, values } of rows) {
    const fault = (reason: string) => void faults.push({ line, reason })
    checkCells(values, fault)
    const given = normalizeEmail(values.email ?? '')
    const email = given ?? (values.email ?? '').toLowerCase()
    if (given === undefined) fault(`email "${email.slice(0, 50)}" is not an e-mail address`)
    if (values.phone && readPhones(values.phone).length === 0) fault(`phone: ${phoneFault}`)
    const term = headings.includes('ward') ? readTerm(line, values, fault) : null
    const known = users.get(email)
    if (known) addTerm(known, term, values, fault)
    else users.set(email, readUser(line, email, values, term, headings))
  }
  if (faults.length > 0) throw badFile(faults)
  return [...users.values()]
}

type Fault = (reason: string) => void

function checkCells(values: Values, fault: Fault): void {
  for (const [heading, text] of Object.entries(values)) {
    const { form, meaning } = cells[heading as Heading]
    if (text !== '' && !form.test(text)) fault(`${heading} "${text.slice(0, 50)}" is not ${meaning}`)
  }
}

function readTerm(line: number, values: Values, fault: Fault): TermInput | null {
  const { ward = '', startdate: startDate = '', enddate: endDate = '' } = values
  if (ward === '') {
    if (startDate !== '' || endDate !== '') fault('ward is missing for the dates of a term')
    return null
  }
  for (const text of [startDate, endDate]) {
    if (date.form.test(text) && !startOfLocalDate(text, 'UTC')) fault(`"${text}" is no date of the calendar`)
  }
  if (endDate !== '' && endDate < startDate) fault('endDate lies before startDate')
  return { line, ward, startDate, endDate: endDate || null }
}

function addTerm(user: UserInput, term: TermInput | null, values: Values, fault: Fault): void {
  if (term === null) {
    fault(`${user.email} stands on line ${user.line} already`)
    return
  }
  const more = Object.keys(values).find(
    (heading) => !/^(email|name|ward|startdate|enddate)$/.test(heading) && values[heading] !== '',
  )
  if (more) fault(`${more} stands only on the first line of a user, here line ${user.line}`)
  const isKnown = user.terms?.some(
    ({ ward, startDate }) => ward === term.ward && startDate === term.startDate,
  )
  if (isKnown) fault('the same term stands on a line before')
  user.terms?.push(term)
}

function readUser(
  line: number,
  email: string,
  values: Values,
  term: TermInput | null,
  headings: readonly string[],
): UserInput {
  const user: UserInput = { line, email }
  if (values.name) user.name = values.name
  if (values.role) user.role = values.role as Role
  if (values.active) user.active = isYes(values.active)
  if (values.contactpublic) user.isContactPublic = isYes(values.contactpublic)
  for (const [heading, field] of clearable) {
    const text = values[heading]
    if (text !== undefined) user[field] = text || null
  }
  if (headings.includes('ward')) user.terms = term ? [term] : []
  return user
}

const isYes = (text: string) => /^(true|yes|1)$/i.test(text)
