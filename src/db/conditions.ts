import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Engine } from './engine'

/**
 * A condition whose form and values are apart: queries of one form are built once and then only given other values.
 */
export type Condition = {
  /** The same for all conditions that differ in nothing but their values. */
  form: string
  values: readonly unknown[]
  /** The SQL, given a placeholder for each value and the engine that it is for. */
  build: (places: readonly SQL[], engine: Engine) => SQL
}

type Maybe = Condition | undefined

const encode = (column: AnyColumn, value: unknown) => column.mapToDriverValue(value)

const list = (parts: readonly SQL[]) => sql.join([...parts], sql`, `)

/** Compares with the value; no condition where none is given. */
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

/** One of the values; no condition where none are given, none fits an empty list. */
export function oneOf<T>(column: AnyColumn, values: readonly T[] | undefined): Maybe {
  if (values === undefined) return undefined
  if (values.length === 0) return { form: 'nothing', values: [], build: () => sql`1 = 0` }
  if (values.length === 1) return equals(column, values[0] as NonNullable<T>)
  return {
    form: `${column.name} in ${values.length}`,
    values: values.map((value) => encode(column, value)),
    build: (places) => sql`${column} in (${list(places)})`,
  }
}

/** One of many values, looked up one by one: the same form for any number of them. */
export const amongMany = (column: AnyColumn, values: readonly (string | number)[]): Condition => ({
  form: `${column.name} among`,
  values: [JSON.stringify(values)],
  build: ([place], engine) => sql`${column} in (${engine.listed(place as SQL, column)})`,
})

/**
 * A condition that rows are checked against, but never looked up by: beside others that name few rows, an index over a
 * whole council would read all of it where the planner has no statistics.
 */
export const withoutIndex = ({ form, values, build }: Condition): Condition => ({
  form: `${form} is true`,
  values,
  build: (places, engine) => sql`(${build(places, engine)}) is true`,
})

/** A list kept as JSON holds the value; no condition where none is given. Only for small tables. */
export const includes = (column: AnyColumn, value: string | undefined): Maybe =>
  value === undefined
    ? undefined
    : {
        form: `${column.name} includes`,
        values: [value],
        build: ([place], engine) => sql`${place} in (${engine.listed(sql`${column}`, text)})`,
      }

/** A list of wards kept as JSON holds this one, or is empty, which means the whole council. */
export const forWard = (column: AnyColumn, wardId: string | undefined): Maybe =>
  wardId === undefined ? undefined : any([equals(column, []), includes(column, wardId)])

/** What a list of texts is compared as. */
const text = { dataType: 'string' } as AnyColumn

/** Between the values, both included; no condition where none are given. */
export const within = (column: AnyColumn, range: readonly [number, number] | undefined): Maybe =>
  range && {
    form: `${column.name} within`,
    values: range,
    build: ([least, most]) => sql`${column} between ${least} and ${most}`,
  }

/** Begins with something else than the text. Looks at every row: for what is done once. */
export const beginsOtherwise = (column: AnyColumn, text: string): SQL =>
  sql`substr(${column}, 1, ${text.length}) <> ${text}`

/** Contains the text, whatever its case; its own wildcards are taken literally. Only for small tables. */
export function contains(columns: readonly AnyColumn[], text: string | undefined): Maybe {
  if (text === undefined) return undefined
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  return any(
    columns.map((column) => ({
      form: `${column.name} contains`,
      values: [pattern],
      build: ([place], { like }) => sql`${column} ${like} ${place} escape '\\'`,
    })),
  )
}

/** The columns together come after the values, or before them. */
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

/** All of the given conditions, of which there must be at least one. */
export const all = joined('and')
/** At least one of the given conditions. */
export const any = joined('or')

/** The columns in which a new row may equal one that is there. Without their table's name, which not every engine takes here. */
export const same = (...columns: readonly SQLiteColumn[]) =>
  columns.map(({ name }) => sql.identifier(name)) as unknown as SQLiteColumn[]
