export type JsonItems = {
  /** The text without the items of the list. */
  rest: string
  /** Where each item begins and ends. */
  places: readonly [start: number, end: number][]
}

const [quote, backslash] = [0x22, 0x5c]
const isOpening = (code: number) => code === 0x5b || code === 0x7b
const isClosing = (code: number) => code === 0x5d || code === 0x7d

/** The position after the string that begins here. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === backslash) at++
    else if (code === quote) return at + 1
  }
  return text.length
}

/**
 * Finds the items of a list in the outermost object without parsing them, so that a long file need not be in memory as objects.
 * Undefined if there is no such list, an item is neither object nor list, or the brackets do not match.
 */
export function findItems(text: string, property: string): JsonItems | undefined {
  const heading = new RegExp(`^${JSON.stringify(property)}\\s*:\\s*\\[$`)
  const places: [number, number][] = []
  let [depth, name, list, item, gap] = [0, 0, -1, -1, 0]
  const isBetween = (at: number, sign: string) => text.slice(gap, at).trim() === sign
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      if (depth === 1) name = at
      at = endOfString(text, at) - 1
    } else if (isOpening(code)) {
      depth++
      if (depth === 2 && list < 0 && heading.test(text.slice(name, at + 1))) list = gap = at + 1
      else if (depth === 3 && list >= 0) {
        if (!isBetween(at, places.length === 0 ? '' : ',')) return undefined
        item = at
      }
    } else if (isClosing(code)) {
      depth--
      if (list >= 0 && depth === 2) {
        places.push([item, at + 1])
        gap = at + 1
      } else if (list >= 0 && depth === 1) {
        return isBetween(at, '') ? { rest: text.slice(0, list) + text.slice(at), places } : undefined
      }
    }
  }
  return undefined
}
