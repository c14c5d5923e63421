import { type Issue, type IssueCode, shortName } from '../../lib/errors'
import { readDate, readTime } from '../../lib/typed-date'

export type Option = { value: string; text: string; hint?: string }

type Kind =
  | { kind: 'text' | 'email' | 'tel' | 'url' | 'password' | 'textarea' | 'number' | 'code' | 'date' | 'time' }
  /** A text area with one item on each line. */
  | { kind: 'lines' }
  | { kind: 'select' | 'radios' | 'checkboxes'; options: readonly Option[] }
  | { kind: 'checkbox' }

/** `name` is the field’s name in the input of the verb, with dots for nested fields. */
export type Field = Kind & {
  name: string
  label: string
  hint?: string
  /** The message if it is missing; by default made from the label. */
  missing?: string
  isOptional?: boolean
  autocomplete?: string
  /** Rows of a text area, or the width of an input in characters. */
  size?: number
  /** What an empty field means, for people who may look but not change. */
  nothing?: string
  /** The heading of a group of fields that starts here; see `underHeading`. */
  group?: string
  /** Smaller boxes, for filters beside a list. */
  isSmall?: boolean
}

/** The fields as a group of their own below a heading. */
export const underHeading = (group: string, [first, ...others]: readonly Field[]): Field[] =>
  first === undefined ? [] : [{ ...first, group }, ...others]

/** A field with its values and its fault. */
export type FilledField = Field & {
  value: string
  values: string[]
  error: string | null
  isLong: boolean
  isArea: boolean
}

export type FormValues = Record<string, string | readonly string[] | null | undefined>

/** Why a form was refused: the faults of its fields, or one message about the whole. */
export type Problem = { issues: readonly Issue[]; message: string | null; isStale: boolean }

/** The lines of a text without blanks around them; blank lines are left out. */
export const linesIn = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** Longer lists are easier to search by typing. */
const longList = 15

const lowerFirst = (text: string) =>
  /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text

/** The messages of these are sentences; all others continue the name of the field. */
const sentences: readonly IssueCode[] = ['not_found', 'rule']

/** Dates and times may be typed as people write them: `10 March 2026`, `9:30pm`. Null for fields of other kinds. */
const readTyped = ({ kind }: Pick<Field, 'kind'>, text: string) =>
  kind === 'date' ? readDate(text) : kind === 'time' ? readTime(text) : null

/** What was typed into a field, in the form that verbs take; unchanged if it cannot be read. */
export const typedValue = (field: Pick<Field, 'kind'>, text: string): string =>
  readTyped(field, text)?.value ?? text

/** A fault in one line of many names that line. */
function subjectOf(field: Field, value: string, path: string): string {
  const line = field.kind === 'lines' && /\.(\d+)$/.exec(path)?.[1]
  return line ? `“${linesIn(value)[Number(line)] ?? ''}”` : field.label
}

/** People know the labels of fields, not their names. */
function sentenceFor(fields: readonly Field[], field: Field, value: string, issue: Issue): string {
  const { path, code, other } = issue
  const isChoice = 'options' in field
  if (value === '' && (code === 'required' || (isChoice && (code === 'choice' || code === 'format')))) {
    return field.missing ?? `${isChoice ? 'Choose' : 'Enter'} ${lowerFirst(field.label)}`
  }
  if (isUnoffered(field, value) && notOffered.includes(code)) return unofferedWords(field, value)
  const subject = subjectOf(field, value, path)
  if (sentences.includes(code)) return issue.message
  const typed = code === 'format' ? readTyped(field, value) : null
  if (typed) return faultSentence(subject, typed.fault ?? 'Must be a real date')
  const label = fields.find(({ name }) => name === other)?.label
  const message = other && label ? issue.message.replace(other, lowerFirst(label)) : issue.message
  return faultSentence(code === 'taken' ? `${subject} is` : subject, message)
}

/** Most faults continue the name of the field. */
const faultSentence = (subject: string, fault: string) =>
  `${subject}${/^(That|There) /.test(fault) ? ':' : ''} ${lowerFirst(fault)}`

/** The faults that a verb finds in values that are not in the field’s list. */
const notOffered: readonly IssueCode[] = ['choice', 'format', 'not_found', 'type', 'length']

const isUnoffered = (field: Field, value: string): boolean =>
  field.kind === 'select' && value !== '' && !field.options.some((option) => option.value === value)

/** People do not type identifiers: a list offered what they mean. */
const isIdentifier = (value: string) => /^[a-z0-9]{24}$/.test(value)

const unofferedWords = ({ label }: Field, value: string) =>
  isIdentifier(value)
    ? `${label}: what you chose is not in the list any more. Choose again`
    : `${label}: “${shortName(value)}” is not in the list. Choose something that is`

/** Looks like an identifier and is none: every verb refuses it. */
const nothingOffered = 'z'.repeat(24)

/** What was sent, changed so that a verb refuses values that are not in a list together with all other faults. */
export const offeredOnly = (
  fields: readonly Field[],
  sent: Record<string, string[]>,
): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(sent).map(([name, texts]) => {
      const field = fields.find((one) => one.name === name)
      const checked = texts.map((text) => (field && isUnoffered(field, text) ? nothingOffered : text))
      return [name, checked]
    }),
  )

/** The field with the typed value among its options, so that the page shows it again. */
const withTyped = (field: Field, value: string): Field =>
  field.kind === 'select' && isUnoffered(field, value) && !isIdentifier(value)
    ? { ...field, options: [...field.options, { value, text: value }] }
    : field

const isAbout = (path: string, name: string) => path === name || path.startsWith(`${name}.`)

/** The API takes lines everywhere, and a browser would strip them from a one-line input. */
const isArea = ({ kind }: Field, value: string): boolean =>
  kind === 'textarea' || kind === 'lines' || (kind === 'text' && /[\r\n]/.test(value))

export function fillFields(
  fields: readonly Field[],
  values: FormValues,
  issues: readonly Issue[] = [],
): FilledField[] {
  return fields.map((field) => {
    const given = values[field.name]
    const list = given === null || given === undefined ? [] : typeof given === 'string' ? [given] : [...given]
    const value = list[0] ?? ''
    const issue = issues.find(({ path }) => isAbout(path, field.name))
    return {
      ...withTyped(field, value),
      value,
      values: list,
      error: issue ? sentenceFor(fields, field, value, issue) : null,
      isLong: 'options' in field && field.options.length > longList,
      isArea: isArea(field, value),
    }
  })
}

/** The values of a form that was sent, without blanks around them. A password keeps its blanks. */
export function readFields(fields: readonly Field[], form: URLSearchParams): Record<string, string[]> {
  return Object.fromEntries(
    fields.map((field) => {
      const { name, kind } = field
      const texts = form
        .getAll(name)
        .map((text) => (kind === 'password' ? text : typedValue(field, text.trim())))
      return [name, texts.map((text) => text.replaceAll('\r\n', '\n')).filter((text) => text !== '')]
    }),
  )
}

type SummaryEntry = { text: string; href: string | null }

/** The faults at the head of a page, each with a link to its field. */
export function summaryOf(fields: readonly FilledField[], { issues, message }: Problem): SummaryEntry[] {
  const ofFields = fields.flatMap(({ name, kind, error }): SummaryEntry[] =>
    error === null
      ? []
      : [{ text: error, href: `#${kind === 'radios' || kind === 'checkboxes' ? `${name}-1` : name}` }],
  )
  const others = issues
    .filter(({ path }) => !fields.some(({ name }) => isAbout(path, name)))
    .map(({ path, message: fault }): SummaryEntry => ({ text: `${path}: ${fault}`, href: null }))
  const whole: SummaryEntry[] = issues.length === 0 && message !== null ? [{ text: message, href: null }] : []
  return [...whole, ...ofFields, ...others]
}
