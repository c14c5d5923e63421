/**
 * Compares two values with everything they hold. A property that is undefined counts as absent, as it does in JSON; the order
 * of properties and the prototype do not count. Two dates are equal when they are the same moment, but a date never equals
 * its text.
 */
export const isEqual = (a: unknown, b: unknown): boolean => Bun.deepEquals(a, b)
