/** Rules of the linters that are switched off, each with the reason. None is at present. */
export const switchedOff: { linter: 'redocly' | 'spectral'; rule: string; reason: string }[] = []
