/** Rules of the linters that are switched off where the document is at this place, each with the reason. */
export const switchedOff: { linter: 'redocly' | 'spectral'; rule: string; at: RegExp; reason: string }[] = [
  {
    linter: 'redocly',
    rule: 'no-ambiguous-paths',
    at: /^#\/paths\/~1api~1webhooks~1(deliveries~1\{id\}|\{id\}~1replay-failed)$/,
    reason: 'What could be taken for each other differs by method, and no webhook has the id "deliveries"',
  },
]
