/** Zones that keep the civil time of the United Kingdom: what was counted by the day stays right in each. */
export const timezones = [
  'Europe/London',
  'Europe/Belfast',
  'Europe/Isle_of_Man',
  'Europe/Guernsey',
  'Europe/Jersey',
] as const
