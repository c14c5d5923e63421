import { isForRole, type Permission } from '../../core/scopes'
import type { Visit } from '../../http/pages'

type Place = { text: string; href: string; needs: Permission; about: string }

const places: Place[] = [
  {
    text: 'API keys',
    href: '/admin/keys',
    needs: 'keys:manage',
    about: 'Make, replace and revoke the keys by which other systems work with Reeve.',
  },
  {
    text: 'People',
    href: '/admin/users',
    needs: 'users:read',
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
    about: 'What cases may be about, who sees each, and in how many days it is to be resolved.',
  },
  {
    text: 'Settings',
    href: '/admin/settings',
    needs: 'settings:read',
    about: 'How the council works with Reeve: its name, its targets, its limits, how people sign in.',
  },
  {
    text: 'Audit log',
    href: '/admin/audit',
    needs: 'audit:read',
    about: 'Who did what and when, and a check that nothing of it was changed.',
  },
  {
    text: 'Plan',
    href: '/admin/plan',
    needs: 'settings:read',
    about: 'What the council’s plan includes for API keys.',
  },
]

/** Whether the visitor may use a part of the dashboard. */
export const mayUse = ({ signedIn }: Visit, permission: Permission): boolean =>
  isForRole(permission, signedIn.user.role)

/** The pages of the administration that somebody may open. */
export const placesFor = (visit: Visit): Place[] => places.filter(({ needs }) => mayUse(visit, needs))

/** The way back to the page that leads to them all, for who may open it. */
export const toAdministration = (visit: Visit) =>
  mayUse(visit, 'audit:read') ? { text: 'Administration', href: '/admin/administration' } : undefined
