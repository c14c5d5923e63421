// Writes the migration for what the tables have gained, and the list that embeds every migration in the binary.
import { readdirSync } from 'node:fs'

const folder = 'drizzle/sqlite'
const name = process.argv[2]
if (!name) {
  console.error('Usage: npm run generate -- NAME')
  process.exit(2)
}
const kit = Bun.spawnSync(
  [
    process.execPath,
    'node_modules/drizzle-kit/bin.cjs',
    'generate',
    '--config',
    'drizzle/config.ts',
    '--name',
    name,
  ],
  { stdout: 'inherit', stderr: 'inherit' },
)
if (kit.exitCode !== 0) process.exit(kit.exitCode)

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.sql'))
  .sort()
  .map((file) => file.slice(0, -'.sql'.length))
const imports = names.map(
  (file, i) => `import sql${i} from '../../${folder}/${file}.sql' with { type: 'text' }`,
)
const entries = names.map((file, i) => `  { name: '${file}', sql: sql${i} },`)
await Bun.write(
  'src/db/migrations.ts',
  `${imports.join('\n')}

export type Migration = { name: string; sql: string }

/** Every released migration, oldest first, embedded in the binary. A released file is never edited. */
export const migrations: readonly Migration[] = [
${entries.join('\n')}
]
`,
)
