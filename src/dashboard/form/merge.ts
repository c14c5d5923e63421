import type { Visit } from '../../http/pages'
import { hmacSha256 } from '../../lib/hash'
import { type Field, type FormValues, readFields } from './fields'

/** The saved state of what a form changes. */
export type Subject = {
  fields: readonly Field[]
  current: FormValues
  /** What else must not have changed since the form was shown, such as the status of a case that is moved. */
  basis?: unknown
}

export type Merged = {
  /** The value of each field: what was sent if the author changed it, otherwise what is saved now. */
  values: Record<string, string[]>
  /** Fields that the author and somebody else have changed to different values. */
  conflicts: Field[]
  /** Fields that only somebody else has changed. */
  theirs: Field[]
  /** Whether the basis has changed. */
  isOvertaken: boolean
}

/** The values of a field as an untouched form sends them. */
function textsOf({ name, kind }: Field, values: FormValues): string[] {
  const given = values[name]
  const list = given === null || given === undefined ? [] : typeof given === 'string' ? [given] : [...given]
  const texts = list.map((text) => text.replaceAll('\r\n', '\n').trim()).filter((text) => text !== '')
  if (kind === 'checkbox') return texts.filter((text) => text === 'true')
  return kind === 'checkboxes' ? texts.sort() : texts
}

const isSame = (some: readonly string[], others: readonly string[]) =>
  JSON.stringify(some) === JSON.stringify(others)

/** 96 bits: long enough that nobody finds two values with the same digest. */
const digestLength = 24

/** Values may be residents’ details, so the form carries only digests under our key. */
const digestOf = ({ ctx }: Visit, name: string, value: unknown) =>
  hmacSha256(ctx.secrets.cursor, JSON.stringify(['form', ctx.tenantId, name, value])).slice(0, digestLength)

const basisName = 'basis of the form'

/** A hidden value that records each field, and the basis, as they were when the form was shown. */
export const tagOf = (visit: Visit, { fields, current, basis = null }: Subject): string =>
  [
    `:${digestOf(visit, basisName, basis)}`,
    ...fields.map((field) => `${field.name}:${digestOf(visit, field.name, textsOf(field, current))}`),
  ].join(' ')

/** Digests by field name, with the basis under the empty name; null if the text is not a tag. */
export function readTag(tag: string): Map<string, string> | null {
  if (!/^:[0-9a-f]{24}( [\w.-]+:[0-9a-f]{24})*$/.test(tag)) return null
  return new Map(tag.split(' ').map((part) => part.split(':') as [string, string]))
}

/** Compares a form that was sent with what was saved when it was shown (its tag) and with what is saved now. */
export function merge(
  visit: Visit,
  { fields, current, basis = null }: Subject,
  tag: Map<string, string>,
): Merged {
  const sent = readFields(fields, visit.form)
  const merged: Merged = {
    values: {},
    conflicts: [],
    theirs: [],
    isOvertaken: tag.get('') !== digestOf(visit, basisName, basis),
  }
  for (const field of fields) {
    const { name } = field
    const [yours, now] = [textsOf(field, sent), textsOf(field, current)]
    const before = tag.get(name)
    // A field that was not shown changes nothing, and causes no conflict if it is sent anyway.
    const isSent = before !== undefined || yours.length > 0
    const isYours = isSent && before !== digestOf(visit, name, yours)
    const isTheirs = isSent && before !== digestOf(visit, name, now)
    merged.values[name] = isYours ? (sent[name] as string[]) : now
    if (isSame(yours, now)) continue
    if (isYours && isTheirs) merged.conflicts.push(field)
    else if (isTheirs) merged.theirs.push(field)
  }
  return merged
}
