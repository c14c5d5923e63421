import { chownSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../../src/config'
import { createMailer } from '../../src/lib/mail'
import { runBeside } from '../support/beside'
import { freshDatabase } from '../support/databases'
import { startMailServer } from '../support/mail-server'
import { binary, counted, newData, noPostgres, notTriedHere, postgres, type Row } from './place'
import { setUpCouncil } from './sign-ins'

const group = 'Commands'
const nobody = 65_534

const saying = ({ code, out, err }: { code: number; out: string; err: string }) =>
  `exit code ${code}: ${(err || out).trim()}`

async function withoutAStore(): Promise<string> {
  const lines = [
    ...['check', 'migrate', 'rotate-key', 'tenant list', 'key list --tenant avon'],
    ...['export cases --tenant avon', 'erase cases CW-2026-0001 --tenant avon --yes'],
  ]
  const { data, reeve } = await newData()
  const said = []
  for (const line of lines) said.push(saying(await reeve(...line.split(' '))).replaceAll(data, '…'))
  const made = readdirSync((await binary()).directory).some((name) => data.endsWith(`/${name}`))
  return `${counted(said)}; ${made ? 'a directory was made' : 'nothing was made'}`
}

async function asRoot(): Promise<string> {
  if (process.getuid?.() !== 0) return notTriedHere('needs root')
  const { data, make, done, start } = await newData()
  mkdirSync(data, { mode: 0o700 })
  chownSync(data, nobody, nobody)
  await make('avon')
  await done('rotate-key')
  const server = await start()
  const files = readdirSync(data)
  const ofRoot = files.filter((file) => statSync(join(data, file)).uid !== nobody)
  await server.stop()
  return `${files.length} files, of root: ${ofRoot.join(', ') || 'none'}`
}

/** Copies a store to PostgreSQL once it has been changed as somebody had it. */
async function copiedAfter(...statements: string[]): Promise<string> {
  if ((await postgres()) === null) return noPostgres
  const { data, make, reeve } = await newData()
  await make('avon')
  await runBeside({ config: { data, databaseUrl: null } }, ...statements)
  const database = await freshDatabase()
  try {
    const { code, err } = await reeve('copy', '--from', `sqlite:${data}`, '--to', database.url)
    return `exit code ${code}${err ? `: ${err.trim()}` : ''}`
  } finally {
    await database.drop()
  }
}

async function daysOff(): Promise<string> {
  const { make, done } = await newData()
  await make('avon')
  const set = async (...args: string[]) => (await done('tenant', 'set-holidays', 'avon', ...args)).trim()
  const first = await set('--off', '2030-12-24=Closed')
  const isShown = first.includes(await set())
  const after = await set('--work', '2030-12-25')
  const isKept = after.includes('2030-12-24') && after.includes('2030-12-25')
  return `without options ${isShown ? 'shows them' : 'changes them'}; with --work alone the day off is ${isKept ? 'kept' : 'lost'}`
}

async function importedTwice(): Promise<string> {
  const { data, make, done } = await newData()
  await make('avon')
  const file = join(data, 'cases.csv')
  writeFileSync(file, 'internalRef,summary\nHW-1,Pothole\nHW-2,Oak\n')
  const load = async () => (await done('import', 'cases', '--tenant', 'avon', file)).trim()
  return `${await load()} Then: ${await load()}`
}

async function senderOf(mailFrom: string): Promise<string> {
  const server = await startMailServer()
  try {
    const config = loadConfig({
      REEVE_SMTP_URL: `smtp://127.0.0.1:${server.port}`,
      REEVE_MAIL_FROM: mailFrom,
      REEVE_PUBLIC_URL: 'https://casework.example.org',
    })
    if (config.smtpUrl === null || config.mailFrom === null) return 'no mail can be sent'
    await createMailer(config.smtpUrl, config.mailFrom).send({
      to: 'ann@example.org',
      subject: 'A',
      text: 'B',
    })
    const unfolded = server.letters[0]?.replaceAll(/\r?\n[ \t]+/g, ' ') ?? ''
    return /^From: .*$/m.exec(unfolded)?.[0] ?? 'no letter came'
  } finally {
    server.close()
  }
}

async function unread(): Promise<string> {
  const { runUnread } = await binary()
  const { data, make } = await newData()
  await make('avon')
  const lines = ['config', 'openapi', 'help', 'check', 'tenant list', 'export cases --tenant avon']
  const ends = []
  for (const line of lines) {
    const { code, err } = await runUnread(line.split(' '), { REEVE_DATA: data })
    ends.push(`exit code ${code}, ${err === '' ? 'no word' : err.trim()}`)
  }
  return counted(ends)
}

export const commands: readonly Row[] = [
  {
    group,
    does: 'runs check, migrate, rotate-key, lists, export and erase where there is no store',
    answer: withoutAStore,
    isRight: (answer) =>
      /^exit code 1: reeve: There is no store in …: .* makes one \(7 times\); nothing was made$/.test(answer),
  },
  {
    group,
    does: 'makes a council and changes the key as root in the directory of a service, and starts it',
    answer: asRoot,
    isRight: (answer) => answer.endsWith('of root: none'),
  },
  {
    group,
    does: 'sets up “Bristol City Council” by the link, and runs a command with --tenant bristol',
    answer: async () => {
      const { done } = await setUpCouncil()
      return (await done('user', 'list', '--tenant', 'bristol')).includes('ada@example.org')
        ? 'lists its users'
        : 'lists nobody'
    },
    isRight: (answer) => answer === 'lists its users',
  },
  {
    group,
    does: 'names it in a command as it is not called',
    answer: async () =>
      saying(await (await setUpCouncil()).reeve('user', 'list', '--tenant', 'bristol-city')),
    isRight: (answer) =>
      answer === 'exit code 1: reeve: There is no council "bristol-city". The only council is bristol',
  },
  {
    group,
    does: 'runs tenant set-holidays without options, then with --work alone',
    answer: daysOff,
    isRight: (answer) => answer === 'without options shows them; with --work alone the day off is kept',
  },
  {
    group,
    does: 'imports a file of cases with internalRef twice',
    answer: importedTwice,
    isRight: (answer) =>
      /: 2 new, 0 changed, 0 unchanged\. Then: .*: 0 new, 0 changed, 2 unchanged\.$/.test(answer),
  },
  {
    group,
    does: 'copies a store of an earlier version, which kept no ends of chains, to PostgreSQL',
    answer: () =>
      copiedAfter(
        'DELETE FROM audit_heads',
        "DELETE FROM store_facts WHERE name IN ('audit-heads', 'case-figures')",
      ),
    isRight: (answer) => answer === 'exit code 0',
  },
  {
    group,
    does: 'copies one in which Litestream has a table',
    answer: () => copiedAfter('CREATE TABLE _litestream_lock (id INTEGER)'),
    isRight: (answer) => answer === 'exit code 0',
  },
  {
    group,
    does: 'sends mail from “Bournemouth, Christchurch and Poole Council (Casework)”',
    answer: () => senderOf('Bournemouth, Christchurch and Poole Council (Casework) <casework@example.org>'),
    isRight: (answer) =>
      answer === 'From: "Bournemouth, Christchurch and Poole Council (Casework)" <casework@example.org>',
  },
  {
    group,
    does: 'pipes config, openapi, help, check, a list and an export into a program that reads nothing',
    answer: unread,
    isRight: (answer) => answer === 'exit code 0, no word (6 times)',
  },
]
