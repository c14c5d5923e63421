import { isForRole, type Permission } from '../core/scopes'
import type { Visit } from '../http/pages'

/** A part of the dashboard. The navigation leads to it, or the administration page where `about` introduces it, or both. */
type Place = {
  text: string
  href: string
  /** Null for everybody who is signed in. */
  needs: Permission | null
  isInNavigation?: boolean
  about?: string
}

const home: Place = { text: 'Home', href: '/admin', needs: null, isInNavigation: true }

const administration: Place = {
  text: 'Admin',
  href: '/admin/administration',
  needs: 'audit:read',
  isInNavigation: true,
}

const places: readonly Place[] = [
  home,
  { text: 'Cases', href: '/admin/cases', needs: 'cases:read', isInNavigation: true },
  {
    text: 'API keys',
    href: '/admin/keys',
    needs: 'keys:manage',
    about: 'Create, replace and revoke the keys that other systems use to work with Reeve.',
  },
  {
    text: 'People',
    href: '/admin/users',
    needs: 'users:read',
    isInNavigation: true,
    about: 'The council’s staff and councillors, their roles, wards and profiles.',
  },
  {
    text: 'Wards',
    href: '/admin/wards',
    needs: 'wards:read',
    about: 'The areas that cases, councillors, events and news belong to.',
  },
  {
    text: 'Categories',
    href: '/admin/categories',
    needs: 'categories:read',
    about: 'What cases may be about, who sees each category, and how many days there are to resolve a case.',
  },
  {
    text: 'Settings',
    href: '/admin/settings',
    needs: 'settings:read',
    about: 'How the council works with Reeve: its name, targets and limits, and how people sign in.',
  },
  {
    text: 'Audit log',
    href: '/admin/audit',
    needs: 'audit:read',
    about: 'Who did what and when, and a check that nobody has altered the log.',
  },
  {
    text: 'Plan',
    href: '/admin/plan',
    needs: 'settings:read',
    about: 'What the council’s plan includes for API keys.',
  },
  administration,
]

const mayOpen = (visit: Visit, { needs }: Place): boolean => needs === null || mayUse(visit, needs)

export const mayUse = ({ signedIn }: Visit, permission: Permission): boolean =>
  isForRole(permission, signedIn.user.role)

/** The place of the navigation that a page belongs to; pages that the administration introduces belong to it. */
function placeOf(path: string): Place | undefined {
  const isAt = ({ href }: Place) => path === href || (href !== home.href && path.startsWith(`${href}/`))
  const place = places.find(isAt)
  return place && !place.isInNavigation ? administration : place
}

type Link = { text: string; href: string; active: boolean }

/** The navigation of a page at `path`: empty until the sign-in is complete. */
export function navigationFor(visit: Visit, path: string): Link[] {
  if (visit.signedIn.need !== null) return []
  const present = placeOf(path)
  return places
    .filter((place) => place.isInNavigation && mayOpen(visit, place))
    .map(({ text, href }) => ({ text, href, active: href === present?.href }))
}

export const administrationPlaces = (visit: Visit): Place[] =>
  places.filter((place) => place.about !== undefined && mayOpen(visit, place))

/** The link back to the administration page, for people who may open it. */
export const toAdministration = (visit: Visit) =>
  mayOpen(visit, administration) ? { text: 'Administration', href: administration.href } : undefined
