// Writes the migrations for what the tables have gained, and the lists that embed every migration in the binary.
import { mkdirSync, readdirSync } from 'node:fs'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { postgresTables } from './postgres-tables'

const name = process.argv[2]
if (!name) {
  console.error('Usage: npm run generate -- NAME')
  process.exit(2)
}

/** By drizzle-kit's command, which asks where a column may have been renamed. */
function generateForSqlite(): void {
  const command = [
    'node_modules/drizzle-kit/bin.cjs',
    'generate',
    '--config',
    'drizzle/config.ts',
    '--name',
    name,
  ]
  const kit = Bun.spawnSync([process.execPath, ...(command as string[])], {
    stdout: 'inherit',
    stderr: 'inherit',
  })
  if (kit.exitCode !== 0) process.exit(kit.exitCode)
}

const nothing = { id: '00000000-0000-0000-0000-000000000000' }

/** From the same tables, so that both engines have the same columns. */
async function generateForPostgres(): Promise<void> {
  const folder = 'drizzle/postgres'
  mkdirSync(`${folder}/meta`, { recursive: true })
  const snapshots = readdirSync(`${folder}/meta`).sort()
  const last = snapshots.at(-1)
  const before = last
    ? await Bun.file(`${folder}/meta/${last}`).json()
    : { ...generateDrizzleJson({}), ...nothing }
  const after = generateDrizzleJson(await postgresTables(), before.id)
  // Checked at the end of a transaction where it asks for it: a copy of a store comes in any order.
  const statements = (await generateMigration(before, after)).map((statement) =>
    statement.replace('"public".', '').replace(/ON DELETE no action ON UPDATE no action;$/, 'DEFERRABLE;'),
  )
  if (statements.length === 0) return console.log('PostgreSQL: nothing has changed')
  const number = String(snapshots.length).padStart(4, '0')
  await Bun.write(`${folder}/${number}_${name}.sql`, statements.join('\n--> statement-breakpoint\n'))
  await Bun.write(`${folder}/meta/${number}_snapshot.json`, `${JSON.stringify(after, null, 2)}\n`)
}

async function writeList(engine: 'sqlite' | 'postgres'): Promise<void> {
  const names = readdirSync(`drizzle/${engine}`)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => file.slice(0, -'.sql'.length))
  const imports = names.map(
    (file, i) => `import sql${i} from '../../../drizzle/${engine}/${file}.sql' with { type: 'text' }`,
  )
  const entries = names.map((file, i) => `  { name: '${file}', sql: sql${i} },`)
  await Bun.write(
    `src/db/${engine}/migrations.ts`,
    `${imports.join('\n')}
import type { Migration } from '../migrations'

/** Every released migration, oldest first, embedded in the binary. A released file is never edited. */
export const migrations: readonly Migration[] = [
${entries.join('\n')}
]
`,
  )
}

generateForSqlite()
await generateForPostgres()
await writeList('sqlite')
await writeList('postgres')
