import { type Static, Type } from '@sinclair/typebox'
import type { Tenant } from '../../core/ctx'
import { WebAddress } from '../../core/publishing'
import { Nullable, OneOf, Strict, Text } from '../../core/schema'
import { nations } from '../../lib/bank-holidays'
import { timezones } from '../../lib/local-time'
import { dayTypes } from '../../lib/workdays'

const Days = Nullable(Type.Integer({ minimum: 1, maximum: 999 }))

/** Address of an item’s page, with one of its names in braces after the host. */
const PageAddress = (names: readonly string[], thing: string) => {
  const words = names.map((name) => `{${name}}`).join(' or ')
  return Nullable(
    Type.String({
      pattern: `^https?://[^\\s/$.?#{}][^\\s{}]*/[^\\s{}]*\\{(${names.join('|')})\\}[^\\s{}]*$`,
      maxLength: 500,
      description: `the address of the council’s page of one ${thing}, with ${words} where that has its name, such as https://www.example.gov.uk/${thing}/{${names[0]}}`,
      examples: [`https://www.example.gov.uk/${thing}/{${names[0]}}`],
    }),
  )
}

const plain = {
  name: Text(200, { examples: ['Bristol City Council'] }),
  referencePrefix: Type.String({
    pattern: '^[A-Z][A-Z0-9]{0,9}$',
    description: '1 to 10 capital letters and digits, starting with a letter; used for new references',
    examples: ['CW'],
  }),
  nation: OneOf(nations, 'Decides which bank holidays are days off'),
  timezone: OneOf(timezones),
  reopenWindowDays: Nullable(
    Type.Integer({
      minimum: 1,
      maximum: 999,
      description: 'Working days after which a resolved case is closed',
    }),
  ),
  retentionMonths: Nullable(
    Type.Integer({
      minimum: 1,
      maximum: 240,
      description: 'Months for which a closed case is kept',
    }),
  ),
  rateLimit: Nullable(
    Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Requests a minute for each key' }),
  ),
  corsOrigins: Type.Array(Type.String({ maxLength: 300, examples: ['https://www.example.gov.uk'] }), {
    maxItems: 50,
    description: 'Web origins whose pages may call the API',
  }),
  publicMinCell: Type.Integer({
    minimum: 1,
    maximum: 100,
    description: 'Smaller figures are not published',
  }),
  website: Nullable({ ...WebAddress, examples: ['https://www.example.gov.uk'] }),
  newsPage: PageAddress(['slug', 'id'], 'news'),
  eventPage: PageAddress(['id'], 'event'),
  casePage: PageAddress(['reference'], 'case'),
}

const signIn = {
  requireSecondFactor: Type.Boolean({
    description: 'Whether admins need a second factor to sign in to the dashboard',
  }),
}

const targets = { targetDays: Days, dayType: OneOf(dayTypes) }

export const SettingsView = Strict({
  ...plain,
  slaDefaults: Strict(targets, { description: 'Target for cases whose category sets none' }),
  webhooks: Strict({ includePersonalData: Type.Boolean() }),
  open311: Strict({ enabled: Type.Boolean() }),
  signIn: Strict(signIn),
})
export type SettingsView = Static<typeof SettingsView>

export const SettingsPatch = Type.Partial(
  Strict({
    ...plain,
    slaDefaults: Type.Partial(Strict(targets), { additionalProperties: false }),
    webhooks: Type.Partial(Strict({ includePersonalData: Type.Boolean() }), {
      additionalProperties: false,
    }),
    open311: Type.Partial(Strict({ enabled: Type.Boolean() }), { additionalProperties: false }),
    signIn: Type.Partial(Strict(signIn), { additionalProperties: false }),
  }),
  {
    additionalProperties: false,
    examples: [{ slaDefaults: { targetDays: 10, dayType: 'working' }, publicMinCell: 5 }],
  },
)
export type SettingsPatch = Static<typeof SettingsPatch>

export function toView(tenant: Tenant): SettingsView {
  return {
    name: tenant.name,
    referencePrefix: tenant.referencePrefix,
    nation: tenant.nation,
    timezone: tenant.timezone as SettingsView['timezone'],
    slaDefaults: { targetDays: tenant.targetDays, dayType: tenant.targetDayType },
    reopenWindowDays: tenant.reopenWindowDays,
    retentionMonths: tenant.retentionMonths,
    rateLimit: tenant.rateLimit,
    corsOrigins: [...tenant.corsOrigins],
    publicMinCell: tenant.publicMinCell,
    website: tenant.website,
    newsPage: tenant.newsPage,
    eventPage: tenant.eventPage,
    casePage: tenant.casePage,
    webhooks: { includePersonalData: tenant.webhooksPersonalData },
    open311: { enabled: tenant.open311Enabled },
    signIn: { requireSecondFactor: tenant.requireSecondFactor },
  }
}

/** The given settings as columns of the council's row. */
export function toTenantValues(patch: SettingsPatch): Partial<Tenant> {
  const { slaDefaults, webhooks, open311, signIn, ...rest } = patch
  const values = {
    ...rest,
    targetDays: slaDefaults?.targetDays,
    targetDayType: slaDefaults?.dayType,
    webhooksPersonalData: webhooks?.includePersonalData,
    open311Enabled: open311?.enabled,
    requireSecondFactor: signIn?.requireSecondFactor,
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
