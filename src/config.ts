import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type EnvFile, parseEnvFile, unknownNames } from './lib/env-file'
import { AppError } from './lib/errors'
import { isKey } from './lib/key-file'
import { type LogFormat, type LogLevel, logFormats, logLevels } from './lib/log'
import type { Sender } from './lib/mail'
import {
  cidrList,
  commaSeparated,
  databaseUrl,
  hostList,
  mailFrom,
  type Outcome,
  oneOf,
  optionalText,
  publicUrl,
  senderText,
  smtpUrl,
  text,
  wholeNumber,
} from './lib/setting'

type Setting<T> = {
  env: string
  doc: string
  default: string
  isSecret?: true
  read: (text: string) => Outcome<T>
}

const setting = <T>(definition: Setting<T>) => definition

/** Every setting: where it is read, what it means, how it is checked. The operators' page shows it as a table. */
export const settings = {
  host: setting({ env: 'REEVE_HOST', default: '127.0.0.1', read: text, doc: 'Address to listen on' }),
  port: setting({
    env: 'REEVE_PORT',
    default: '3000',
    read: wholeNumber(0, 65_535),
    doc: 'Port to listen on; 0 chooses a free one. If this is not set, `PORT` is used',
  }),
  data: setting({
    env: 'REEVE_DATA',
    default: './data',
    read: text,
    doc: 'Directory of the database and its key file',
  }),
  databaseUrl: setting({
    env: 'DATABASE_URL',
    default: '',
    isSecret: true,
    read: databaseUrl,
    doc: 'Address of a PostgreSQL database, `postgres://user:password@host/name`; empty for the embedded database in the data directory',
  }),
  databasePool: setting({
    env: 'REEVE_DATABASE_POOL',
    default: '10',
    read: wholeNumber(1, 500),
    doc: 'Connections to PostgreSQL for reading, and as many again for changes',
  }),
  publicUrl: setting({
    env: 'REEVE_PUBLIC_URL',
    default: '',
    read: publicUrl,
    doc: 'Address at which people and programs reach Reeve, such as `https://casework.example.gov.uk`',
  }),
  allowedHosts: setting({
    env: 'REEVE_ALLOWED_HOSTS',
    default: '',
    read: hostList,
    doc: 'Further host names to answer, besides loopback names, `REEVE_HOST` and the host of the public URL; comma-separated',
  }),
  trustedProxies: setting({
    env: 'REEVE_TRUSTED_PROXIES',
    default: '',
    read: cidrList,
    doc: 'CIDR ranges of proxies whose `X-Forwarded-For` is trusted; comma-separated',
  }),
  adminAllow: setting({
    env: 'REEVE_ADMIN_ALLOW',
    default: '',
    read: cidrList,
    doc: 'CIDR ranges from which the dashboard may be reached; comma-separated; empty for everywhere',
  }),
  secretKeyFile: setting({
    env: 'REEVE_SECRET_KEY_FILE',
    default: '',
    read: optionalText,
    doc: 'File of the secret key; by default `secret.key` in the data directory, made with a new database',
  }),
  secretKey: setting({
    env: 'REEVE_SECRET_KEY',
    default: '',
    isSecret: true,
    read: (input: string): Outcome<string | null> =>
      input === '' || commaSeparated(input).every(isKey)
        ? { value: input === '' ? null : input }
        : { fault: 'must be 32 bytes in base64, or several such keys separated by commas' },
    doc: 'The secret key itself, instead of the file; older keys follow the newest, separated by commas',
  }),
  rateLimit: setting({
    env: 'REEVE_RATE_LIMIT',
    default: '100',
    read: wholeNumber(1, 1_000_000_000),
    doc: 'Requests a minute from each key',
  }),
  authFailLimit: setting({
    env: 'REEVE_AUTH_FAIL_LIMIT',
    default: '60',
    read: wholeNumber(1, 1_000_000_000),
    doc: 'Requests a minute from each address that sends no valid key',
  }),
  rateLimitStore: setting({
    env: 'REEVE_RATE_LIMIT_STORE',
    default: 'memory',
    read: oneOf(['memory', 'database'] as const),
    doc: 'Where requests are counted: `memory` (each copy of Reeve on its own) or `database` (all copies together, PostgreSQL only)',
  }),
  webhookAllow: setting({
    env: 'REEVE_WEBHOOK_ALLOW',
    default: '',
    read: cidrList,
    doc: 'CIDR ranges of your own network that webhooks may be sent to, by `http://` too; comma-separated',
  }),
  smtpUrl: setting({
    env: 'REEVE_SMTP_URL',
    default: '',
    isSecret: true,
    read: smtpUrl,
    doc: 'Mail server for invitations and new passwords, `smtps://user:password@host` or `smtp://…` with STARTTLS; empty if administrators pass links on themselves',
  }),
  mailFrom: setting({
    env: 'REEVE_MAIL_FROM',
    default: '',
    read: mailFrom,
    doc: 'Sender of e-mails, such as `casework@example.gov.uk` or `Avon Council <casework@example.gov.uk>`; required with `REEVE_SMTP_URL`, as is `REEVE_PUBLIC_URL`',
  }),
  logLevel: setting<LogLevel>({
    env: 'REEVE_LOG_LEVEL',
    default: 'info',
    read: oneOf(logLevels),
    doc: `Lowest level logged: ${logLevels.join(', ')}`,
  }),
  logFormat: setting<LogFormat>({
    env: 'REEVE_LOG_FORMAT',
    default: 'json',
    read: oneOf(logFormats),
    doc: '`json` (one line for each entry) or `pretty` (for people)',
  }),
} as const

type Settings = typeof settings
type SettingName = keyof Settings
type ValueOf<S> = S extends Setting<infer T> ? T : never

export type Config = { [Name in SettingName]: ValueOf<Settings[Name]> }
export type Environment = Record<string, string | undefined>

const fileName = 'reeve.env'
const known = Object.values(settings).map(({ env }) => env)

function readFile(env: Environment): EnvFile {
  const file = join(env.REEVE_DATA || settings.data.default, fileName)
  return existsSync(file) ? parseEnvFile(readFileSync(file)) : { values: {}, faults: [] }
}

/** The environment comes first, then `reeve.env` in the data directory, then the default. */
function readTexts(env: Environment, file: EnvFile): Record<SettingName, string> {
  // An empty value counts as unset.
  const look = (name: string) => env[name] || file.values[name] || undefined
  return Object.fromEntries(
    Object.entries(settings).map(([name, { env: variable, default: fallback }]) => {
      const found = look(variable) ?? (name === 'port' ? look('PORT') : undefined)
      return [name, found ?? fallback]
    }),
  ) as Record<SettingName, string>
}

export const processEnvironment = (): Environment => process.env

/** Throws one error that lists every fault. */
export function loadConfig(env: Environment = processEnvironment()): Config {
  const file = readFile(env)
  const texts = readTexts(env, file)
  const faults = [
    ...file.faults.map((fault) => `${fileName} ${fault}`),
    ...unknownNames(env, known, ''),
    ...unknownNames(file.values, known, ` in ${fileName}`),
  ]
  const values = Object.entries(settings).map(([name, definition]) => {
    const outcome = definition.read(texts[name as SettingName]) as Outcome<unknown>
    if ('fault' in outcome) {
      faults.push(`${definition.env} ${outcome.fault}`)
      return [name, undefined]
    }
    return [name, outcome.value]
  })
  if (texts.rateLimitStore === 'database' && texts.databaseUrl === '') {
    faults.push(`${settings.rateLimitStore.env} must be memory if ${settings.databaseUrl.env} is empty`)
  }
  const needed = (['mailFrom', 'publicUrl'] as const).filter((name) => texts[name] === '')
  if (texts.smtpUrl !== '' && needed.length > 0) {
    const names = needed.map((name) => settings[name].env).join(' and ')
    faults.push(`${settings.smtpUrl.env} needs ${names}`)
  }
  if (faults.length > 0)
    throw new AppError('bad_request', `Bad configuration:\n  ${faults.join('\n  ')}`, { faults })
  return Object.fromEntries(values) as Config
}

function textOf(value: Config[SettingName]): string {
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'object' && value !== null ? senderText(value as Sender) : String(value ?? '')
}

/** Effective values as text, with secrets masked. */
export function describeConfig(config: Config): { env: string; value: string; doc: string }[] {
  return Object.entries(settings).map(([name, definition]) => {
    const value = config[name as SettingName]
    const effective = textOf(value)
    return {
      env: definition.env,
      value: definition.isSecret && effective !== '' ? '********' : effective,
      doc: definition.doc,
    }
  })
}

/** Of the operators' page. */
export function configTable(): string {
  const rows = Object.values(settings).map(
    ({ env, doc, default: fallback }) =>
      `| \`${env}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${doc} |`,
  )
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n')
}
