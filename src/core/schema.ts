import { type TSchema, type TString, Type } from '@sinclair/typebox'

type TextOptions = { description?: string; examples?: string[] }

export const notBlank = '\\S'

/** Not only spaces, and no control character. */
export const oneLine = '^(?=.*\\S)[^\\u0000-\\u001f\\u007f-\\u009f]*$'

const controls = /\p{Cc}/u

/** False for text with control characters, line breaks among them: where a file has what the API takes as one line. */
export const isOnOneLine = (text: string): boolean => !controls.test(text)
export const noControls = 'must not contain control characters'

/** One line of 1 to `maxLength` characters: a name, a title, a reference. */
export const Text = (maxLength: number, options: TextOptions = {}): TString =>
  Type.String({ minLength: 1, maxLength, pattern: oneLine, ...options })

/** 1 to `maxLength` characters in as many lines as people like. */
export const Prose = (maxLength: number, options: TextOptions = {}): TString =>
  Type.String({ minLength: 1, maxLength, pattern: notBlank, ...options })

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const OneOf = <const T extends readonly string[]>(values: T, description?: string) =>
  Type.Union(
    values.map((value) => Type.Literal(value)),
    description === undefined ? {} : { description },
  ) as unknown as TWords<T>

type TWords<T extends readonly string[]> = TSchema & { static: T[number]; params: unknown[] }

/** How times are written in CSV. */
export const Times = Type.Optional(
  OneOf(
    ['local', 'utc'] as const,
    'CSV only: times of the council, for spreadsheets (the default), or as in JSON and without a byte order mark, for programs',
  ),
)

/** In a query: repeated or separated by commas, 100 values at most. */
export const ListOf = <T extends TSchema>(item: T, description?: string) =>
  Type.Array(item, { minItems: 1, maxItems: 100, ...(description === undefined ? {} : { description }) })

export const Id = Type.String({
  pattern: '^[a-z0-9]{1,40}$',
  description: 'an id as Reeve gives it: lower-case letters and digits, 40 at most',
  examples: ['tz4a98xxat96iws9zmbrgj3a'],
})

/** In answers: ISO 8601, UTC, milliseconds. */
export const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
  description: 'Instant in UTC',
  examples: ['2026-03-29T09:30:00.000Z'],
})

/** In requests: the form of a local date. 2026-02-30 has it too, and is refused later. */
export const LocalDate = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  description: 'a date, such as 2026-03-29',
  examples: ['2026-03-29'],
})

/** In requests: an instant with offset, or a local date, which means its first moment in the council's time zone. */
export const InstantOrDate = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2}))?$',
  description: 'a date, such as 2026-03-29, or a time with its offset, such as 2026-03-29T10:30:00+01:00',
  examples: ['2026-03-29'],
})

export const PageQuery = {
  // No `default`: the framework would fill it in, as if the client had asked for page 1.
  page: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Page, from 1, which is also the default',
    }),
  ),
  pageSize: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Rows a page' }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: 2_000,
      pattern: '^[A-Za-z0-9_-]*$',
      description:
        'empty to start, then `pagination.nextCursor` of the answer before; follows the list in place of `page`',
    }),
  ),
}

export const PageOnly = Type.Object(PageQuery, { additionalProperties: false })

/** `field` for ascending order, `-field` for descending. */
export const Sort = <const T extends readonly string[]>(fields: T) =>
  Type.Optional(
    OneOf(
      fields.flatMap((field) => [field, `-${field}`]) as unknown as readonly (T[number] | `-${T[number]}`)[],
      'Field to sort by; a leading - for descending',
    ),
  )

/** An object that allows no other fields. */
export const Strict = <T extends Parameters<typeof Type.Object>[0]>(properties: T, options = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options })

export const PaginationView = Type.Union([
  Strict({
    page: Type.Integer(),
    pageSize: Type.Integer(),
    total: Type.Integer({ description: 'Rows that match' }),
    totalPages: Type.Integer(),
  }),
  Strict({
    pageSize: Type.Integer(),
    nextCursor: Nullable(Type.String({ description: 'Where the next part starts; null at the end' })),
  }),
])

export const Named = Strict({ id: Type.String(), name: Type.String() })
