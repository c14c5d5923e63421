import { timezones } from '../../core/timezones'
import { nations } from '../../lib/bank-holidays'
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
    hint: 'Whose bank holidays are no working days',
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
    hint: '1 to 10 capital letters and digits, a letter first, such as CW for CW-2026-0042. Cases that are there keep their references',
    kind: 'text',
    size: 10,
    group: 'Cases',
  },
  {
    name: 'slaDefaults.targetDays',
    label: 'Days to resolve a case in',
    hint: 'For new cases in whose category nothing else is said, from 1 to 999. Leave it empty for no target',
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
    hint: 'Until then it is easily reopened. From 1 to 999. Leave it empty to let cases be closed by people alone',
    kind: 'number',
    size: 4,
    isOptional: true,
    nothing: 'Closed by people alone',
  },
  {
    name: 'retentionMonths',
    label: 'Months that a case is kept after it was closed',
    hint: 'From 1 to 240. Leave it empty for no limit. Reeve erases no case by itself: whoever runs the server does so with “reeve erase cases”',
    kind: 'number',
    size: 4,
    isOptional: true,
    nothing: 'No limit',
  },
  {
    name: 'publicMinCell',
    label: 'The least figure that is published',
    hint: 'Figures below it are left out of what the public sees, so that nobody can be recognised in them. From 1 to 100; 1 leaves out none',
    kind: 'number',
    size: 4,
    group: 'What others see',
  },
  {
    name: 'open311.enabled',
    label: 'Residents may report over Open311',
    hint: 'Kept for apps that report over Open311; this version of Reeve has no such interface yet',
    kind: 'checkbox',
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
    hint: 'One a line, each as https:// and a name, without a path, such as https://www.example.gov.uk. Leave it empty for none',
    kind: 'textarea',
    size: 4,
    isOptional: true,
  },
  {
    name: 'signIn.requireSecondFactor',
    label: 'Administrators need a second factor to sign in',
    hint: 'Besides their password they enter a code from an app. Those who have none are asked to set one up at once',
    kind: 'checkbox',
    group: 'Signing in',
  },
]

/** Every setting that is changed here; `rateLimit` is what holds where the council sets none. */
export function settingsFields(rateLimit: number): Field[] {
  const nothing = `What the server has set: ${rateLimit.toLocaleString('en-GB')}`
  const hint = `Leave it empty for ${nothing.replace('What', 'what')}`
  return fields.map((field) => (field.name === 'rateLimit' ? { ...field, hint, nothing } : field))
}

const numberText = (value: number | null) => (value === null ? '' : String(value))

/** What the fields hold of the settings. */
export const shownSettings = (view: SettingsView): FormValues => ({
  name: view.name,
  nation: view.nation,
  timezone: view.timezone,
  referencePrefix: view.referencePrefix,
  'slaDefaults.targetDays': numberText(view.slaDefaults.targetDays),
  'slaDefaults.dayType': view.slaDefaults.dayType,
  reopenWindowDays: numberText(view.reopenWindowDays),
  retentionMonths: numberText(view.retentionMonths),
  publicMinCell: numberText(view.publicMinCell),
  'open311.enabled': String(view.open311.enabled),
  rateLimit: numberText(view.rateLimit),
  corsOrigins: view.corsOrigins.join('\n'),
  'signIn.requireSecondFactor': String(view.signIn.requireSecondFactor),
})

/** The web origins that were entered, one a line. */
export const originsOf = ({ text }: Values): string[] =>
  text('corsOrigins')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** What was sent as a change of the settings; it still has to be checked. */
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
    open311: { enabled: sent.isTicked('open311.enabled') },
    rateLimit: sent.number('rateLimit'),
    corsOrigins: originsOf(sent),
    signIn: { requireSecondFactor: sent.isTicked('signIn.requireSecondFactor') },
  }) as SettingsPatch
