import { roles } from '../../core/scopes'
import type { ProfilePatch, UserDetails, UserInvite, UserPatch } from '../../resources/users/model'
import type { Field, FormValues, Option } from '../form/fields'
import type { Values } from '../form/values'
import { wordsOf } from '../words'

const meanings: Record<(typeof roles)[number], string> = {
  admin: 'Everything, with API keys, settings and people',
  manager: 'All cases, reports and the audit log',
  councillor: 'The cases of their wards, events and news',
  caseworker: 'The cases assigned to them',
}

export const roleOptions: Option[] = roles.map((role) => ({
  value: role,
  text: wordsOf(role),
  hint: meanings[role],
}))

const account: Field[] = [
  { name: 'name', label: 'Full name', missing: 'Enter their full name', kind: 'text' },
  {
    name: 'email',
    label: 'E-mail address',
    hint: 'They use it to sign in',
    missing: 'Enter their e-mail address',
    kind: 'email',
  },
  { name: 'role', label: 'Role', missing: 'Choose their role', kind: 'radios', options: roleOptions },
]

const wards = (options: readonly Option[]): Field => ({
  name: 'wardIds',
  label: 'Wards',
  hint: 'Only for councillors: the wards that they represent from today',
  kind: 'checkboxes',
  options,
})

/** `options` are the wards; a council without any is not asked about them. */
export const inviteFields = (options: readonly Option[]): Field[] =>
  options.length === 0 ? account : [...account, wards(options)]

/** The public side of a councillor. */
export const profileFields: Field[] = [
  { name: 'party', label: 'Party', kind: 'text', isOptional: true, group: 'Profile' },
  { name: 'bio', label: 'About them', kind: 'textarea', size: 6, isOptional: true },
  {
    name: 'photoUrl',
    label: 'Address of a photo',
    hint: 'It starts with https://',
    kind: 'url',
    isOptional: true,
  },
  { name: 'phone', label: 'Telephone number', kind: 'tel', size: 20, isOptional: true },
  {
    name: 'surgeries',
    label: 'Surgeries',
    hint: 'When and where residents can meet them',
    kind: 'textarea',
    size: 3,
    isOptional: true,
  },
  {
    name: 'isContactPublic',
    label: 'E-mail address and telephone number are public',
    hint: 'Otherwise only administrators, managers and the person themselves see them',
    kind: 'checkbox',
  },
]

const active: Field = {
  name: 'active',
  label: 'May sign in',
  hint: 'If not, they are signed out at once and cannot be assigned cases. Their past work keeps their name',
  kind: 'checkbox',
}

export const userFields = (options: readonly Option[]): Field[] => [
  ...account,
  active,
  ...(options.length === 0 ? [] : [wards(options)]),
  ...profileFields,
]

export const valuesIn = (view: UserDetails): FormValues => ({
  name: view.name,
  email: view.email,
  role: view.role,
  active: String(view.active),
  wardIds: view.wardIds,
  party: view.party,
  bio: view.profile.bio,
  photoUrl: view.profile.photoUrl,
  phone: view.profile.phone,
  surgeries: view.profile.surgeries,
  isContactPublic: String(view.isContactPublic),
})

/** The verb checks what was sent. */
export const readInvite = (sent: Values): UserInvite =>
  ({
    email: sent.text('email'),
    name: sent.text('name'),
    role: sent.given('role'),
    wardIds: sent.list('wardIds'),
  }) as UserInvite

/** The verb checks what was sent. */
export const readProfile = (sent: Values): ProfilePatch => ({
  party: sent.clearable('party'),
  bio: sent.clearable('bio'),
  photoUrl: sent.clearable('photoUrl'),
  phone: sent.clearable('phone'),
  surgeries: sent.clearable('surgeries'),
  isContactPublic: sent.isTicked('isContactPublic'),
})

const isSame = (some: readonly string[], others: readonly string[]) =>
  some.length === others.length && some.every((one) => others.includes(one))

/** Unchanged wards are left out, so that a councillor who changes role need not be taken off each of them first. */
export function readUser(sent: Values, present: UserDetails): UserPatch {
  const wardIds = sent.list('wardIds')
  return {
    name: sent.text('name'),
    email: sent.text('email'),
    role: sent.given('role'),
    active: sent.isTicked('active'),
    ...(!isSame(wardIds, present.wardIds) && { wardIds }),
    ...readProfile(sent),
  } as UserPatch
}
