import { embedTemplates } from './templates.embed' with { type: 'macro' }

export const templates: Record<string, string> = embedTemplates()
