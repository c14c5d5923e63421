import type { WardCreate, WardView } from '../../resources/wards/model'
import { wardTiers } from '../../resources/wards/table'
import type { Field, FormValues } from '../form/fields'
import type { Values } from '../form/values'
import { wordsOf } from '../words'

export const wardsPath = '/admin/wards'

export const backToWards = { text: 'Wards', href: wardsPath }

export const tierOptions = wardTiers.map((tier) => ({ value: tier, text: wordsOf(tier) }))

const slug: Field = {
  name: 'slug',
  label: 'Name in addresses',
  hint: 'Lower-case letters, digits and hyphens, such as st-werburghs',
  kind: 'text',
}

export const wardFields: Field[] = [
  { name: 'name', label: 'Name', missing: 'Enter the name of the ward', kind: 'text' },
  { name: 'nameCy', label: 'Welsh name', kind: 'text', isOptional: true },
  slug,
  {
    name: 'tier',
    label: 'Kind of area',
    missing: 'Choose the kind of area',
    kind: 'radios',
    options: tierOptions,
  },
  {
    name: 'gssCode',
    label: 'GSS code',
    hint: 'The code from the Government Statistical Service, such as E05001972',
    kind: 'text',
    size: 10,
    isOptional: true,
  },
  { name: 'description', label: 'Description', kind: 'textarea', size: 4, isOptional: true },
  { name: 'electorate', label: 'Electorate', kind: 'number', size: 10, isOptional: true },
  { name: 'validFrom', label: 'First day', kind: 'date', size: 10, isOptional: true },
  { name: 'validTo', label: 'Last day', kind: 'date', size: 10, isOptional: true },
  {
    name: 'enabled',
    label: 'In use',
    hint: 'Residents cannot choose a ward that is not in use, and addresses are not matched to it. Cases that belong to it keep it',
    kind: 'checkbox',
  },
]

/** Reeve can make the name in addresses of a new ward. */
export const newWardFields: Field[] = wardFields.map((field) =>
  field === slug
    ? { ...slug, hint: `${slug.hint}. Leave it empty to make it from the name`, isOptional: true }
    : field,
)

export const valuesIn = (view: WardView): FormValues => ({
  name: view.name,
  nameCy: view.nameCy,
  slug: view.slug,
  tier: view.tier,
  gssCode: view.gssCode,
  description: view.description,
  electorate: view.electorate === null ? null : String(view.electorate),
  validFrom: view.validFrom,
  validTo: view.validTo,
  enabled: String(view.enabled),
})

/** The verb checks what was sent. */
export const readWard = (sent: Values): WardCreate =>
  ({
    name: sent.text('name'),
    nameCy: sent.clearable('nameCy'),
    slug: sent.text('slug'),
    tier: sent.given('tier'),
    gssCode: sent.clearable('gssCode'),
    description: sent.clearable('description'),
    electorate: sent.number('electorate'),
    validFrom: sent.clearable('validFrom'),
    validTo: sent.clearable('validTo'),
    enabled: sent.isTicked('enabled'),
  }) as WardCreate
