import { nations } from '../../lib/bank-holidays'
import { timezones } from '../../lib/local-time'
import type { SettingsPatch, SettingsView } from '../../resources/settings/model'
import type { Field, FormValues } from '../form/fields'
import type { Values } from '../form/values'
import { dayTypeOptions, nationNames } from '../words'

const fields: Field[] = [
  {
    name: 'name',
    label: 'Name of the council',
    hint: 'As residents know it',
    missing: 'Enter the name of the council',
    kind: 'text',
    group: 'The council',
  },
  {
    name: 'nation',
    label: 'Nation',
    hint: 'Its bank holidays are not working days. Open cases keep their due dates',
    kind: 'radios',
    options: nations.map((nation) => ({ value: nation, text: nationNames[nation] })),
  },
  {
    name: 'timezone',
    label: 'Time zone',
    hint: 'When a day begins and ends',
    kind: 'select',
    options: timezones.map((zone) => ({ value: zone, text: zone.replace(/^.*\//, '').replaceAll('_', ' ') })),
  },
  {
    name: 'referencePrefix',
    label: 'What references begin with',
    hint: '1 to 10 capital letters and digits, starting with a letter, such as CW for CW-2026-0042. Existing cases keep their references',
    kind: 'text',
    size: 10,
    group: 'Cases',
  },
  {
    name: 'slaDefaults.targetDays',
    label: 'Days to resolve a case in',
    hint: 'From 1 to 999, for new cases whose category sets no target. Leave it empty for no target',
    kind: 'number',
    size: 4,
    isOptional: true,
    nothing: 'No target',
  },
  {
    name: 'slaDefaults.dayType',
    label: 'How these days are counted',
    kind: 'radios',
    options: dayTypeOptions,
  },
  {
    name: 'reopenWindowDays',
    label: 'Working days after which a resolved case is closed',
    hint: 'Until then it is easy to reopen. From 1 to 999. Leave it empty if only people should close cases',
    kind: 'number',
    size: 4,
    isOptional: true,
    nothing: 'Only people close cases',
  },
  {
    name: 'retentionMonths',
    label: 'Months to keep a case after it is closed',
    hint: 'From 1 to 240. Leave it empty for no limit. Reeve never erases a case by itself: whoever runs the server does it with “reeve erase cases”',
    kind: 'number',
    size: 4,
    isOptional: true,
    nothing: 'No limit',
  },
  {
    name: 'publicMinCell',
    label: 'Smallest figure that is published',
    hint: 'Smaller figures are hidden from the public, so that nobody can be recognised in them. From 1 to 100; 1 hides none',
    kind: 'number',
    size: 4,
    group: 'What others see',
  },
  {
    name: 'website',
    label: 'The council’s website',
    hint: 'Feeds of news, events and cases lead to it, such as https://www.example.gov.uk',
    kind: 'text',
    isOptional: true,
  },
  {
    name: 'newsPage',
    label: 'Its page of one news item',
    hint: 'Write {slug} or {id} where the item has its name, such as https://www.example.gov.uk/news/{slug}. Without it, news in feeds has no link',
    kind: 'text',
    isOptional: true,
  },
  {
    name: 'eventPage',
    label: 'Its page of one event',
    hint: 'Write {id} where the event has its name, such as https://www.example.gov.uk/events/{id}. Without it, events lead to where people book or take part',
    kind: 'text',
    isOptional: true,
  },
  {
    name: 'casePage',
    label: 'Its page of one published case',
    hint: 'Write {reference} where the case has its reference, such as https://www.example.gov.uk/cases/{reference}. Without it, cases in feeds have no link',
    kind: 'text',
    isOptional: true,
  },
  {
    name: 'rateLimit',
    label: 'Requests a minute that each API key may send',
    kind: 'number',
    size: 10,
    isOptional: true,
    group: 'API keys',
  },
  {
    name: 'corsOrigins',
    label: 'Websites whose pages may read the API in a browser',
    hint: 'One on each line, as https:// and a name without a path, such as https://www.example.gov.uk. Leave it empty for none',
    kind: 'lines',
    size: 4,
    isOptional: true,
  },
  {
    name: 'signIn.requireSecondFactor',
    label: 'Administrators need a second factor to sign in',
    hint: 'They enter a code from an app as well as their password. Anybody without one is asked to set it up at once',
    kind: 'checkbox',
    group: 'Signing in',
  },
]

/** `rateLimit` holds if the council sets none. */
export function settingsFields(rateLimit: number): Field[] {
  const nothing = `The server’s limit: ${rateLimit.toLocaleString('en-GB')}`
  const hint = `Leave it empty to use ${nothing.replace('The', 'the')}`
  return fields.map((field) => (field.name === 'rateLimit' ? { ...field, hint, nothing } : field))
}

const numberText = (value: number | null) => (value === null ? '' : String(value))

export const valuesIn = (view: SettingsView): FormValues => ({
  name: view.name,
  nation: view.nation,
  timezone: view.timezone,
  referencePrefix: view.referencePrefix,
  'slaDefaults.targetDays': numberText(view.slaDefaults.targetDays),
  'slaDefaults.dayType': view.slaDefaults.dayType,
  reopenWindowDays: numberText(view.reopenWindowDays),
  retentionMonths: numberText(view.retentionMonths),
  publicMinCell: numberText(view.publicMinCell),
  website: view.website ?? '',
  newsPage: view.newsPage ?? '',
  eventPage: view.eventPage ?? '',
  casePage: view.casePage ?? '',
  rateLimit: numberText(view.rateLimit),
  corsOrigins: view.corsOrigins.join('\n'),
  'signIn.requireSecondFactor': String(view.signIn.requireSecondFactor),
})

/** Still to be checked. */
export const readSettings = (sent: Values): SettingsPatch =>
  ({
    name: sent.text('name'),
    nation: sent.given('nation'),
    timezone: sent.given('timezone'),
    referencePrefix: sent.text('referencePrefix'),
    slaDefaults: {
      targetDays: sent.number('slaDefaults.targetDays'),
      dayType: sent.given('slaDefaults.dayType'),
    },
    reopenWindowDays: sent.number('reopenWindowDays'),
    retentionMonths: sent.number('retentionMonths'),
    publicMinCell: sent.number('publicMinCell'),
    website: sent.clearable('website'),
    newsPage: sent.clearable('newsPage'),
    eventPage: sent.clearable('eventPage'),
    casePage: sent.clearable('casePage'),
    rateLimit: sent.number('rateLimit'),
    corsOrigins: sent.lines('corsOrigins'),
    signIn: { requireSecondFactor: sent.isTicked('signIn.requireSecondFactor') },
  }) as SettingsPatch
