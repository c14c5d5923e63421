/** Lower case, without accents, words joined by hyphens; may be empty. */
export const slugify = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')

export const maxCouncilSlug = 63

const before = /^(?:(?:london|royal|metropolitan)-)*(?:borough|city|county)(?:-and-county)?-of-/
const after = /(?<=.)(?:-(?:city|county|borough|district|metropolitan))*-council$/

/** What people call a council for short: “Bristol City Council” is `bristol`. At most 63 characters; may be empty. */
export const councilSlug = (name: string) =>
  slugify(name).replace(before, '').replace(after, '').slice(0, maxCouncilSlug).replace(/-$/, '')
