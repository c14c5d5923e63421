import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configTable, describeConfig, type Environment, loadConfig, settings } from '../../src/config'
import { secureRandom } from '../../src/lib/random'
import { loadSecretKeys, makeSecretKey } from '../../src/lib/secret-keys'
import { senderText } from '../../src/lib/setting'
import { refusalOf, temporaryDirectories } from '../support/store'

const newDirectory = temporaryDirectories()
const key = Buffer.alloc(32, 7).toString('base64')

/** A data directory with this `reeve.env`. */
function directoryWith(...lines: string[]): string {
  const directory = newDirectory()
  writeFileSync(join(directory, 'reeve.env'), lines.join('\n'))
  return directory
}

const load = (env: Environment = {}) => loadConfig({ REEVE_DATA: newDirectory(), ...env })

describe('a configuration is refused', () => {
  test('with every fault named at once', async () => {
    const { kind, message, details } = await refusalOf(() =>
      load({
        REEVE_PORT: '70000',
        DATABASE_URL: 'mysql://reeve:hunter2@localhost/reeve',
        REEVE_DATABASE_POOL: '501',
        REEVE_PUBLIC_URL: 'ftp://example.org',
        REEVE_ALLOWED_HOSTS: 'example.org,example.org:3000',
        REEVE_TRUSTED_PROXIES: '10.0.0.0/8, nonsense',
        REEVE_ADMIN_ALLOW: '10.0.0.0/8, 10.0.0.0/33',
        REEVE_SECRET_KEY: 'short',
        REEVE_RATE_LIMIT: '0',
        REEVE_AUTH_FAIL_LIMIT: '1e3',
        REEVE_LOG_LEVEL: 'loud',
        REEVE_LOG_FORMAT: 'xml',
      }),
    )
    expect(kind).toBe('bad_request')
    expect(details.faults).toEqual([
      'REEVE_PORT must be a whole number from 0 to 65535',
      'DATABASE_URL must be a postgres:// address, or empty for the embedded database',
      'REEVE_DATABASE_POOL must be a whole number from 1 to 500',
      'REEVE_PUBLIC_URL must be an http:// or https:// address',
      'REEVE_ALLOWED_HOSTS "example.org:3000" is not a host name (without port)',
      'REEVE_TRUSTED_PROXIES "nonsense" is not an IP address or CIDR range',
      'REEVE_ADMIN_ALLOW "10.0.0.0/33" is not an IP address or CIDR range',
      'REEVE_SECRET_KEY must be 32 bytes in base64, or several such keys separated by commas',
      'REEVE_RATE_LIMIT must be a whole number from 1 to 1000000000',
      'REEVE_AUTH_FAIL_LIMIT must be a whole number from 1 to 1000000000',
      'REEVE_LOG_LEVEL must be one of debug, info, warn, error',
      'REEVE_LOG_FORMAT must be one of json, pretty',
    ])
    for (const fault of details.faults as string[]) expect(message).toContain(fault)
    expect(message).not.toContain('hunter2')
  })

  test('with a fault in reeve.env as with one in the environment', async () => {
    const directory = directoryWith('REEVE_PORT=many')
    expect((await refusalOf(() => loadConfig({ REEVE_DATA: directory }))).message).toContain('REEVE_PORT')
  })

  test('with a setting that is misspelt, in the environment or in reeve.env', async () => {
    const directory = directoryWith('REEVE_DATABASE_POL=5', 'TZ=UTC', 'REEVE_OLD=')
    const env = { REEVE_DATA: directory, REEVE_PROT: '3000', REEVE_SMTP: 'x', REEVE_EMPTY: '' }
    expect((await refusalOf(() => loadConfig(env))).details.faults).toEqual([
      'REEVE_PROT is not a setting: did you mean REEVE_PORT?',
      'REEVE_SMTP is not a setting: did you mean REEVE_SMTP_URL?',
      'REEVE_DATABASE_POL in reeve.env is not a setting: did you mean REEVE_DATABASE_POOL?',
    ])
  })

  test('with a reeve.env that cannot be read as it was meant', async () => {
    const faultsOf = async (directory: string) =>
      (await refusalOf(() => loadConfig({ REEVE_DATA: directory }))).details.faults
    expect(
      await faultsOf(directoryWith('# ours', 'REEVE_PORT 8080', 'hunter2', 'export REEVE_HOST')),
    ).toEqual(['reeve.env has no NAME=value on line 2', 'reeve.env has no NAME=value on line 4'])
    for (const mark of ['', '\ufeff']) {
      const directory = newDirectory()
      writeFileSync(join(directory, 'reeve.env'), Buffer.from(`${mark}REEVE_PORT=8080\n`, 'utf16le'))
      expect(await faultsOf(directory)).toEqual(['reeve.env is in UTF-16: save it as UTF-8'])
    }
  })

  test.each(['https://example.org/reeve', 'https://example.org/?a=b', 'https://me@example.org'])(
    'with the public address %s, of which Reeve would use a part',
    async (address) => {
      expect((await refusalOf(() => load({ REEVE_PUBLIC_URL: address }))).details.faults).toEqual([
        'REEVE_PUBLIC_URL must be an address without a path, such as https://casework.example.gov.uk',
      ])
    },
  )

  test('without telling the secret key that is wrong', async () => {
    const { message, details } = await refusalOf(() => load({ REEVE_SECRET_KEY: 'hunter2' }))
    expect(message + JSON.stringify(details)).not.toContain('hunter2')
  })

  test('with limits counted in the database where there is none', async () => {
    const { details } = await refusalOf(() => load({ REEVE_RATE_LIMIT_STORE: 'database' }))
    expect(details.faults).toEqual(['REEVE_RATE_LIMIT_STORE must be memory if DATABASE_URL is empty'])
  })

  test.each([
    'postgres://',
    'postgres:reeve',
    'postgres://db.example:port/reeve',
    'postgres:// db.example/reeve',
    'postgres://reeve:hunter2@/reeve',
    'localhost/reeve',
    'mysql://localhost/reeve',
    'file:reeve.db',
    'nonsense',
  ])('with the database "%s"', async (address) => {
    const { details } = await refusalOf(() => load({ DATABASE_URL: address }))
    expect(details.faults).toEqual([
      'DATABASE_URL must be a postgres:// address, or empty for the embedded database',
    ])
  })

  test.each(['0', '501', '-1', '1.5', 'many'])('with a pool of "%s" connections', async (pool) => {
    const { details } = await refusalOf(() => load({ REEVE_DATABASE_POOL: pool }))
    expect(details.faults).toEqual(['REEVE_DATABASE_POOL must be a whole number from 1 to 500'])
  })

  test('with a mode of TLS that is none', async () => {
    const { details } = await refusalOf(() =>
      load({ DATABASE_URL: 'postgres://u@db.example/r?sslmode=full' }),
    )
    expect(details.faults).toEqual([
      'DATABASE_URL has sslmode=full, which must be one of disable, prefer, require, verify-ca, verify-full',
    ])
  })

  const mail = {
    REEVE_SMTP_URL: 'smtp://reeve:p%40ss@mail.example:587',
    REEVE_MAIL_FROM: 'casework@avon.example',
    REEVE_PUBLIC_URL: 'https://casework.avon.example',
  }
  const loadMail = (env: Environment) => load({ ...mail, ...env })

  test('with a mail server but no address to send from, or none that links begin with', async () => {
    const faultsOf = async (env: Environment) => (await refusalOf(() => loadMail(env))).details.faults
    expect(await faultsOf({ REEVE_MAIL_FROM: '' })).toEqual(['REEVE_SMTP_URL needs REEVE_MAIL_FROM'])
    expect(await faultsOf({ REEVE_MAIL_FROM: '', REEVE_PUBLIC_URL: '' })).toEqual([
      'REEVE_SMTP_URL needs REEVE_MAIL_FROM and REEVE_PUBLIC_URL',
    ])
  })

  test.each([
    'smtp:',
    'smtp://',
    'smtp:mail.example',
    'mail.example',
    'https://mail.example',
    'smtp://:587',
    'smtp://mail.example:0',
    'smtp://mail.example:70000',
    'smtp:// mail.example',
    'smtp://mail example',
    'smtp://reeve:hunter2@',
  ])('with the mail server "%s"', async (address) => {
    const { details, message } = await refusalOf(() => loadMail({ REEVE_SMTP_URL: address }))
    expect(details.faults).toEqual(['REEVE_SMTP_URL must be an smtp:// or smtps:// address'])
    expect(message).not.toContain('hunter2')
  })

  test.each([
    'smtp://mail.example/path',
    'smtp://mail.example?secure=false',
    'smtp://mail.example#top',
    'smtp://reeve@mail.example',
    'smtp://:hunter2@mail.example',
    'smtp://reeve:hunter2%ZZ@mail.example',
    'smtp://reeve:hunter2%ff@mail.example',
    'smtp://reeve:12#hunter2@mail.example',
  ])('with what no mail server needs to be told: "%s"', async (address) => {
    const { details, message } = await refusalOf(() => loadMail({ REEVE_SMTP_URL: address }))
    expect(details.faults).toEqual([
      'REEVE_SMTP_URL may contain only a user and password, host and port; write characters other than letters and digits as in %40',
    ])
    expect(message).not.toContain('hunter2')
  })

  test.each([
    'casework',
    'casework@',
    '@avon.example',
    'a@b.example, c@d.example',
    'Avon <casework@avon.example',
    'casework@avon.example>',
    'Avon "Council" <casework@avon.example>',
    'Avon <casework@avon.example> Council',
    'Avon <a@b.example> <casework@avon.example>',
    'Avon Council casework@avon.example',
    'Avon\nBcc: <casework@avon.example>',
    '"Avon <casework@avon.example>',
    'Avon <casework@avon.example, other@avon.example>',
  ])('with letters from %p', async (address) => {
    const { details } = await refusalOf(() => loadMail({ REEVE_MAIL_FROM: address }))
    expect(details.faults).toEqual([
      'REEVE_MAIL_FROM must be an e-mail address, or a name followed by one in angle brackets',
    ])
  })

  test.each(['-1', '3000.5', ' 3000', '0x10', 'three', '65536'])('with the port "%s"', async (port) => {
    expect((await refusalOf(() => load({ REEVE_PORT: port }))).details.faults).toHaveLength(1)
  })
})

describe('a configuration', () => {
  test('is read of lines with export, a byte order mark and quotes', () => {
    const directory = directoryWith('\ufeffexport REEVE_PORT=8080', 'REEVE_HOST = "0.0.0.0"')
    expect(loadConfig({ REEVE_DATA: directory })).toMatchObject({ port: 8080, host: '0.0.0.0' })
  })

  test('leaves alone what others call REEVE_…: clients of the guides, tests, Kubernetes', () => {
    const names = ['REEVE_KEY', 'REEVE_URL', 'REEVE_TEST_POSTGRES', 'REEVE_SERVICE_HOST', 'REEVE_PORT_80_TCP']
    expect(load(Object.fromEntries(names.map((name) => [name, 'x']))).port).toBe(3000)
  })

  test.each([
    ['smtp://127.0.0.1', 'casework@avon.example'],
    ['smtp://mail.example:25/', 'Avon Council <casework@avon.example>'],
    ['smtps://reeve:p%C3%A4ss%40@[2001:db8::1]:465', 'Cyngor Gŵyr <gwaith.achos+1@gwyr.example>'],
  ])('takes the mail server %s and letters from %s', (server, from) => {
    const env = { REEVE_SMTP_URL: server, REEVE_MAIL_FROM: from, REEVE_PUBLIC_URL: 'https://avon.example' }
    const config = load(env)
    expect([config.smtpUrl, config.mailFrom && senderText(config.mailFrom)]).toEqual([server, from])
    const shown = describeConfig(config)
    expect(shown.find(({ env }) => env === 'REEVE_SMTP_URL')?.value).toBe('********')
    expect(shown.find(({ env }) => env === 'REEVE_MAIL_FROM')?.value).toBe(from)
  })

  test.each([
    ['casework@avon.example', '', 'casework@avon.example'],
    ['<casework@avon.example>', '', 'casework@avon.example'],
    [
      'Bournemouth, Christchurch and Poole Council <casework@example.org>',
      'Bournemouth, Christchurch and Poole Council',
      'casework@example.org',
    ],
    ['Avon Council (Casework) <a@b.example>', 'Avon Council (Casework)', 'a@b.example'],
    ['"Avon Council: Casework" <a@b.example>', 'Avon Council: Casework', 'a@b.example'],
    ['Cyngor Ynys Môn<a@b.example>', 'Cyngor Ynys Môn', 'a@b.example'],
  ])('reads the sender %j as name and address', (from, name, address) => {
    expect(load({ REEVE_MAIL_FROM: from }).mailFrom).toEqual({ name, address })
  })

  test('has the documented defaults', () => {
    const directory = newDirectory()
    expect(settings.data.default).toBe('./data')
    expect(load({ REEVE_DATA: directory })).toEqual({
      host: '127.0.0.1',
      port: 3000,
      data: directory,
      databaseUrl: null,
      databasePool: 10,
      publicUrl: null,
      allowedHosts: [],
      trustedProxies: [],
      adminAllow: [],
      secretKeyFile: null,
      secretKey: null,
      rateLimit: 100,
      authFailLimit: 60,
      rateLimitStore: 'memory',
      webhookAllow: [],
      smtpUrl: null,
      mailFrom: null,
      logLevel: 'info',
      logFormat: 'json',
    })
  })

  test.each([
    'postgres://reeve:hunter2@db.example/reeve',
    'postgresql://reeve@[::1]:5433/reeve?sslmode=require',
  ])('takes the database %s, and never shows it', (address) => {
    const config = load({ DATABASE_URL: address })
    expect(config.databaseUrl).toBe(address)
    const shown = describeConfig(config)
    expect(JSON.stringify(shown)).not.toContain(address)
    expect(shown.find(({ env }) => env === 'DATABASE_URL')?.value).toBe('********')
  })

  test.each([1, 500])('takes a pool of %i connections', (pool) => {
    expect(load({ REEVE_DATABASE_POOL: String(pool) }).databasePool).toBe(pool)
  })

  test('takes an empty data directory for one that was not set', () => {
    expect(loadConfig({ REEVE_DATA: '' }).data).toBe('./data')
  })

  test('reads lists, addresses and numbers', () => {
    const config = load({
      REEVE_ALLOWED_HOSTS: 'Casework.example.org, [::1] ,',
      REEVE_TRUSTED_PROXIES: '10.0.0.0/8,fd00::/8',
      REEVE_PUBLIC_URL: 'https://casework.example.org/',
      REEVE_RATE_LIMIT: '1000000000',
      REEVE_PORT: '0',
    })
    expect(config).toMatchObject({
      allowedHosts: ['casework.example.org', '[::1]'],
      trustedProxies: ['10.0.0.0/8', 'fd00::/8'],
      publicUrl: 'https://casework.example.org',
      rateLimit: 1_000_000_000,
      port: 0,
    })
  })

  test('reads reeve.env of the data directory: comments, quotes, spaces and CRLF', () => {
    const directory = directoryWith(
      '# the port',
      '',
      'REEVE_PORT = 4000\r',
      "REEVE_LOG_FORMAT='pretty'",
      'REEVE_PUBLIC_URL="https://example.org"',
      `REEVE_SECRET_KEY=${key}`,
      'nonsense without a sign',
    )
    expect(loadConfig({ REEVE_DATA: directory })).toMatchObject({
      data: directory,
      port: 4000,
      logFormat: 'pretty',
      publicUrl: 'https://example.org',
      secretKey: key,
    })
  })

  test('prefers the environment to reeve.env, and REEVE_PORT to PORT', () => {
    const directory = directoryWith('REEVE_RATE_LIMIT=5', 'REEVE_AUTH_FAIL_LIMIT=6', 'REEVE_PORT=4000')
    const config = loadConfig({ REEVE_DATA: directory, REEVE_RATE_LIMIT: '7', PORT: '5000' })
    expect(config).toMatchObject({ rateLimit: 7, authFailLimit: 6, port: 4000 })
    expect(load({ PORT: '5000' }).port).toBe(5000)
    expect(load({ PORT: '5000', REEVE_PORT: '6000' }).port).toBe(6000)
  })
})

describe('a configuration shown', () => {
  test('masks the secret key and shows all else', () => {
    const config = load({ REEVE_SECRET_KEY: key, REEVE_TRUSTED_PROXIES: '10.0.0.0/8,::1', REEVE_PORT: '0' })
    const shown = describeConfig(config)
    expect(JSON.stringify(shown)).not.toContain(key)
    const values = Object.fromEntries(shown.map(({ env, value }) => [env, value]))
    expect(values).toMatchObject({
      REEVE_SECRET_KEY: '********',
      REEVE_TRUSTED_PROXIES: '10.0.0.0/8,::1',
      REEVE_PORT: '0',
      REEVE_HOST: '127.0.0.1',
      DATABASE_URL: '',
    })
    expect(shown.map(({ env }) => env)).toEqual(Object.values(settings).map(({ env }) => env))
  })

  test('does not claim a secret key where none is set', () => {
    const shown = describeConfig(load()).find(({ env }) => env === 'REEVE_SECRET_KEY')
    expect(shown?.value).toBe('')
  })

  test('is explained setting by setting', () => {
    for (const { env, doc } of Object.values(settings)) {
      expect(doc).not.toBe('')
      expect(configTable()).toContain(`| \`${env}\` |`)
    }
  })
})

const inBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

describe('the secret key', () => {
  test.each([
    ['holds too little', 'c2hvcnQ=\n'],
    ['is empty', ''],
    ['holds no base64', '****'],
  ])('is refused from a file that %s, which stays as it was', async (_, content) => {
    const config = load()
    const path = join(config.data, 'secret.key')
    writeFileSync(path, content)
    const { kind, message } = await refusalOf(() => loadSecretKeys(config))
    expect(kind).toBe('unavailable')
    expect(message).toContain(path)
    expect(readFileSync(path, 'utf8')).toBe(content)
  })

  test('is made once, in a file for its owner alone, whatever the umask', () => {
    const config = load({ REEVE_DATA: join(newDirectory(), 'new') })
    const umask = process.umask(0)
    try {
      makeSecretKey(config, secureRandom)
      const [made = new Uint8Array()] = loadSecretKeys(config)
      const path = join(config.data, 'secret.key')
      expect((statSync(path).mode & 0o777).toString(8)).toBe('600')
      expect(made).toHaveLength(32)
      expect(Buffer.from(readFileSync(path, 'utf8'), 'base64')).toEqual(Buffer.from(made))
      makeSecretKey(config, secureRandom)
      expect(loadSecretKeys(config)).toEqual([Buffer.from(made)])
    } finally {
      process.umask(umask)
    }
  })

  test('comes from the environment where it is given, and no file is made', () => {
    const config = load({ REEVE_SECRET_KEY: key })
    makeSecretKey(config, secureRandom)
    expect(loadSecretKeys(config).map(inBase64)).toEqual([key])
    expect(existsSync(join(config.data, 'secret.key'))).toBe(false)
  })

  test('is said to be missing where its file is gone, and none is made', async () => {
    const config = load()
    const { message } = await refusalOf(() => loadSecretKeys(config))
    expect(message).toBe(
      `The secret key ${join(config.data, 'secret.key')} is missing: put it back from where you keep a copy. Nothing was changed`,
    )
    expect(readdirSync(config.data)).toEqual([])
  })

  test('may be several, the newest first, in the environment and in the file', () => {
    const older = Buffer.alloc(32, 8).toString('base64')
    const fromEnvironment = load({ REEVE_SECRET_KEY: `${key},${older}` })
    expect(loadSecretKeys(fromEnvironment).map(inBase64)).toEqual([key, older])
    const path = join(newDirectory(), 'shared.key')
    writeFileSync(path, `${key}\n${older}\n`)
    const fromFile = load({ REEVE_SECRET_KEY_FILE: path })
    expect(loadSecretKeys(fromFile).map(inBase64)).toEqual([key, older])
  })

  test('comes from the file that is named', () => {
    const path = join(newDirectory(), 'shared.key')
    writeFileSync(path, `${key}\n`)
    const config = load({ REEVE_SECRET_KEY_FILE: path })
    expect(loadSecretKeys(config).map(inBase64)).toEqual([key])
    expect(existsSync(join(config.data, 'secret.key'))).toBe(false)
  })

  test('is made in a named file though its folder is not there yet', () => {
    const path = join(newDirectory(), 'keys', 'shared.key')
    const config = load({ REEVE_SECRET_KEY_FILE: path })
    makeSecretKey(config, secureRandom)
    const [made = new Uint8Array()] = loadSecretKeys(config)
    expect(Buffer.from(readFileSync(path, 'utf8'), 'base64')).toEqual(Buffer.from(made))
  })
})
