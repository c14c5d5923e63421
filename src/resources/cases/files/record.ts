import { tidied, validate, wordsOf } from '../../../core/validation'
import { fold } from '../../../lib/fold'
import { wordAmong, yesOrNo } from '../../../lib/plain-words'
import { isOfOurTimes, localDate } from '../../../lib/time'
import { readDate, readDateTime } from '../../../lib/typed-date'
import type { CellKind } from '../fields'
import { splitThemes } from './export.model'
import {
  allFields,
  type CaseRecord,
  type InstantName,
  RecordValues,
  referenceForm,
  type TransferFieldName,
  type ValueName,
} from './fields'
import { timesInOrder } from './row'

/** A line of a file; what is wrong with its cells is noted in it. */
export function readRecord(
  line: number,
  names: readonly TransferFieldName[],
  cells: Record<string, string>,
  timeZone: string,
): CaseRecord {
  const faults: string[] = []
  const values: Record<string, unknown> = {}
  const times: Times = { instants: {}, dated: new Set() }
  for (const name of names) {
    const text = cells[name] ?? ''
    if (text === '') continue
    const { kind } = allFields[name]
    if (kind === 'instant') readTimeCell(name as InstantName, text, timeZone, times, faults)
    else values[name] = readCell(name as ValueName, kind, text)
  }
  settleReference(values, faults)
  const kept = tidied(RecordValues, values)
  for (const { path, message } of validate(RecordValues, kept, 'body')) faults.push(`${path}: ${message}`)
  return {
    line,
    values: kept as RecordValues,
    instants: withTimesOfDay(times, timeZone),
    isDueGiven: names.includes('dueAt'),
    faults,
  }
}

/** `dated`: given by a date alone. */
type Times = { instants: CaseRecord['instants']; dated: Set<InstantName> }

function readTimeCell(
  name: InstantName,
  text: string,
  timeZone: string,
  { instants, dated }: Times,
  faults: string[],
): void {
  const read = readDateTime(text, timeZone)
  if (read.value === undefined) faults.push(`${name}: ${read.fault}`)
  else if (!isOfOurTimes(read.value)) faults.push(`${name}: Must be between 1900 and 2199`)
  else {
    instants[name] = read.value
    if (readDate(text).value !== undefined) dated.add(name)
  }
}

/** A date alone, on the day of what must come first, is not before that: closed on the day on which it was received. */
function withTimesOfDay({ instants, dated }: Times, timeZone: string): CaseRecord['instants'] {
  for (const [name, before] of timesInOrder(instants)) {
    const [time, first] = [instants[name], before && instants[before]]
    if (!time || !first || time >= first || !dated.has(name)) continue
    if (localDate(time, timeZone) === localDate(first, timeZone)) instants[name] = first
  }
  return instants
}

/** Returns the text itself if it does not fit, for the schema to refuse. */
function readCell(name: ValueName, kind: Exclude<CellKind, 'instant'>, text: string): unknown {
  if (kind === 'themes') return splitThemes(text)
  if (kind === 'number') {
    const typed = text.trim()
    return /^-?\d{1,12}(\.\d{1,20})?(e-?\d{1,3})?$/.test(typed) ? Number(typed) : text
  }
  if (kind === 'boolean') return yesOrNo(text) ?? text
  if (name === 'reference' || name === 'duplicateOf') return asReference(text) ?? text
  const words = wordsOf(RecordValues.properties[name])
  return (words && wordAmong(words, text)) ?? text
}

/** `cw 2026 0042` as we write it; undefined for a reference of another system. */
export function asReference(text: string): string | undefined {
  const written = fold(text).trim().toUpperCase().replace(/\s+/g, '-')
  return referenceForm.test(written) ? written : undefined
}

/** A reference of another system is kept as the internal one, and the case gets one of ours. */
function settleReference(values: Record<string, unknown>, faults: string[]): void {
  const { reference, internalRef } = values
  if (typeof reference !== 'string' || referenceForm.test(reference)) return
  delete values.reference
  const text = reference.trim()
  if (text === '') return
  if (internalRef === undefined || internalRef === text) values.internalRef = text
  else faults.push('reference: Must be one of ours, such as CW-2026-0042: internalRef has another already')
}
