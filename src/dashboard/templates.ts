import { embedTemplates } from './templates.embed' with { type: 'macro' }

/** The text of every template, by its name. */
export const templates: Record<string, string> = embedTemplates()
