import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { foldedWords } from '../lib/fold'
import type { Engine } from './engine'

/** Form and values are separate, so that queries of one form are built once and then run with other values. */
export type Condition = {
  /** The same for all conditions that differ only in their values. */
  form: string
  values: readonly unknown[]
  /** Builds the SQL from a placeholder for each value. */
  build: (places: readonly SQL[], engine: Engine) => SQL
}

type Maybe = Condition | undefined

const encode = (column: AnyColumn, value: unknown) => column.mapToDriverValue(value)

const list = (parts: readonly SQL[]) => sql.join([...parts], sql`, `)

/** No condition if the value is undefined. */
const comparison =
  (operator: '=' | '>=' | '<') =>
  (column: AnyColumn, value: unknown): Maybe =>
    value === undefined
      ? undefined
      : {
          form: `${column.name}${operator}`,
          values: [encode(column, value)],
          build: ([place]) => sql`${column} ${sql.raw(operator)} ${place}`,
        }

export const equals = comparison('=') as <T>(
  column: AnyColumn,
  value: T,
) => T extends undefined ? Maybe : Condition
export const atLeast = comparison('>=')
export const below = comparison('<')

export const isNull = (column: AnyColumn): Condition => ({
  form: `${column.name} is null`,
  values: [],
  build: () => sql`${column} is null`,
})

const nothing: Condition = { form: 'nothing', values: [], build: () => sql`1 = 0` }

/** No condition if `values` is undefined; an empty list matches nothing. */
export function oneOf<T>(column: AnyColumn, values: readonly T[] | undefined): Maybe {
  if (values === undefined) return undefined
  if (values.length === 0) return nothing
  if (values.length === 1) return equals(column, values[0] as NonNullable<T>)
  return {
    form: `${column.name} in ${values.length}`,
    values: values.map((value) => encode(column, value)),
    build: (places) => sql`${column} in (${list(places)})`,
  }
}

/** For many values: the form is the same for any number of them. */
export const amongMany = (column: AnyColumn, values: readonly (string | number)[]): Condition => ({
  form: `${column.name} among`,
  values: [JSON.stringify(values)],
  build: ([place], engine) => sql`${column} in (${engine.listed(place as SQL, column)})`,
})

/**
 * Keeps the planner from using an index for this condition: next to others that match few rows, and without statistics, it could
 * choose one that reads the whole council.
 */
export const withoutIndex = ({ form, values, build }: Condition): Condition => ({
  form: `${form} is true`,
  values,
  build: (places, engine) => sql`(${build(places, engine)}) is true`,
})

/** For a JSON list that contains the value; no condition if it is undefined. Only for small tables. */
export const includes = (column: AnyColumn, value: string | undefined): Maybe =>
  value === undefined
    ? undefined
    : {
        form: `${column.name} includes`,
        values: [value],
        build: ([place], engine) => sql`${place} in (${engine.listed(sql`${column}`, text)})`,
      }

/** For a JSON list of wards; an empty list means the whole council. */
export const forWard = (column: AnyColumn, wardId: string | undefined): Maybe =>
  wardId === undefined ? undefined : any([equals(column, []), includes(column, wardId)])

/** Any column of texts: `listed` needs the type to compare with. */
const text = { dataType: 'string' } as AnyColumn

/** Both ends included; no condition if `range` is undefined. */
export const within = (column: AnyColumn, range: readonly [number, number] | undefined): Maybe =>
  range && {
    form: `${column.name} within`,
    values: range,
    build: ([least, most]) => sql`${column} between ${least} and ${most}`,
  }

/** Does not begin with the text. Reads every row, so only for one-off work. */
export const beginsOtherwise = (column: AnyColumn, text: string): SQL =>
  sql`substr(${column}, 1, ${text.length}) <> ${text}`

/** True if the column, which `lib/name-keys.ts` fills, contains the folded words of the text. Only for small tables. */
export function holdsFolded(column: AnyColumn, text: string | undefined): Maybe {
  if (text === undefined) return undefined
  const words = foldedWords(text)
  if (words.length === 0) return nothing
  return {
    form: `${column.name} holds`,
    values: [`%${words.join(' ')}%`],
    build: ([place]) => sql`${column} like ${place}`,
  }
}

/** Compares the columns as a tuple with the values. */
export const beyond = (
  columns: readonly SQL[],
  direction: 'after' | 'before',
  form: string,
  values: readonly unknown[],
): Condition => ({
  form: `${form} ${direction}`,
  values,
  build: (places) => sql`(${list(columns)}) ${sql.raw(direction === 'after' ? '>' : '<')} (${list(places)})`,
})

const joined =
  (word: 'and' | 'or') =>
  (conditions: readonly Maybe[]): Condition => {
    const given = conditions.filter((condition) => condition !== undefined)
    return {
      form: `(${given.map(({ form }) => form).join(` ${word} `)})`,
      values: given.flatMap(({ values }) => values),
      build: (places, engine) => {
        const rest = [...places]
        const parts = given.map(({ values, build }) => build(rest.splice(0, values.length), engine))
        return sql`(${sql.join(parts, sql.raw(` ${word} `))})`
      },
    }
  }

/** At least one condition must be defined. */
export const all = joined('and')
/** At least one condition must be defined. */
export const any = joined('or')

/** Conflict target of an upsert: column names without their table, which not every engine allows here. */
export const same = (...columns: readonly SQLiteColumn[]) =>
  columns.map(({ name }) => sql.identifier(name)) as unknown as SQLiteColumn[]
