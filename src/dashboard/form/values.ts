type Sent = Record<string, string[]>

/** How the fields of a form that was sent are read as what a verb takes. */
export type Values = {
  text: (name: string) => string
  /** Undefined where nothing was entered or chosen. */
  given: (name: string) => string | undefined
  /** Null where nothing was entered, so that what was there is cleared. */
  clearable: (name: string) => string | null
  /** A whole number; null where nothing was entered; what is none stays text, for the verb to refuse. */
  number: (name: string) => number | string | null
  list: (name: string) => string[]
  isTicked: (name: string) => boolean
}

export const valuesOf = (sent: Sent): Values => {
  const list = (name: string) => sent[name] ?? []
  const given = (name: string): string | undefined => list(name)[0]
  return {
    list,
    given,
    text: (name) => given(name) ?? '',
    clearable: (name) => given(name) ?? null,
    number: (name) => {
      const text = given(name)
      if (text === undefined) return null
      return /^\d{1,12}$/.test(text) ? Number(text) : text
    },
    isTicked: (name) => given(name) === 'true',
  }
}
