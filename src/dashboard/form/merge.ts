import type { Visit } from '../../http/pages'
import { hmacSha256 } from '../../lib/hash'
import { type Field, type FormValues, readFields } from './fields'

/** What a form changes, as it is saved now. */
export type Subject = {
  fields: readonly Field[]
  current: FormValues
  /** What else must still be as it was when the form was shown, such as the status of a case that is moved. */
  basis?: unknown
}

export type Merged = {
  /** What each field would hold: what was sent where its author changed it, and what is saved now everywhere else. */
  values: Record<string, string[]>
  /** Fields that its author and somebody else have changed, to different values. */
  conflicts: Field[]
  /** Fields that only somebody else has changed. */
  theirs: Field[]
  /** Whether the basis has changed. */
  isOvertaken: boolean
}

/** The values of a field as a form sends them that nobody has touched. */
function textsOf({ name, kind }: Field, values: FormValues): string[] {
  const given = values[name]
  const list = given === null || given === undefined ? [] : typeof given === 'string' ? [given] : [...given]
  const texts = list.map((text) => text.replaceAll('\r\n', '\n').trim()).filter((text) => text !== '')
  if (kind === 'checkbox') return texts.filter((text) => text === 'true')
  return kind === 'checkboxes' ? texts.sort() : texts
}

const isSame = (some: readonly string[], others: readonly string[]) =>
  JSON.stringify(some) === JSON.stringify(others)

/** Long enough that nobody finds two values with the same. */
const digestLength = 24

/** The values are residents’ too, so only a digest under our key goes with the form. */
const digestOf = ({ ctx }: Visit, name: string, value: unknown) =>
  hmacSha256(ctx.secrets.cursor, JSON.stringify(['form', ctx.tenantId, name, value])).slice(0, digestLength)

const basisName = 'basis of the form'

/** A hidden value that says what each field held when the form was shown, and the basis. */
export const tagOf = (visit: Visit, { fields, current, basis = null }: Subject): string =>
  [
    `:${digestOf(visit, basisName, basis)}`,
    ...fields.map((field) => `${field.name}:${digestOf(visit, field.name, textsOf(field, current))}`),
  ].join(' ')

/** Digests by the names of fields, that of the basis under the empty name; null if it is no tag. */
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
    // A field that was not shown changes nothing, and is not decided about if it is sent all the same.
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
