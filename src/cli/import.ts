import { existsSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import type { Ctx } from '../core/ctx'
import type { ImportCounts } from '../core/upsert'
import { AppError } from '../lib/errors'
import { importCases, previewCases } from '../resources/cases/files/import.service'
import { parseCases, readHeadingMap } from '../resources/cases/files/parse'
import { parseCategories } from '../resources/categories/import'
import { importCategories, previewCategories } from '../resources/categories/service'
import { parseUsers } from '../resources/users/import'
import { importUsers, previewUsers } from '../resources/users/service'
import { parseWards } from '../resources/wards/import'
import { importWards, previewWards } from '../resources/wards/service'
import { print, printJson, withTenant } from './support'

const maxFileBytes = 256 * 1024 * 1024

type Kind<Input> = {
  name: string
  description: string
  /** `map` assigns other headings to fields. */
  parse: (bytes: Uint8Array, ctx: Ctx, map: readonly string[]) => Input[]
  isMapped?: true
  preview: (ctx: Ctx, inputs: Input[]) => Promise<ImportCounts>
  save: (ctx: Ctx, inputs: Input[], onRow: () => void) => Promise<ImportCounts>
}

export function addImportCommand(program: Command): void {
  const command = program
    .command('import')
    .description('import data from files; a file with a bad line changes nothing')
  addKind(command, {
    name: 'wards',
    description: 'GeoJSON, or CSV with names as in ONS files (WD24CD, WD24NM, WD24NMW) or Reeve’s own',
    parse: (bytes) => parseWards(bytes),
    preview: previewWards,
    save: importWards,
  })
  addKind(command, {
    name: 'categories',
    description: 'CSV: name, slug, group, description, visibility, active, targetDays, dayType',
    parse: (bytes) => parseCategories(bytes),
    preview: previewCategories,
    save: importCategories,
  })
  addKind(command, {
    name: 'users',
    description:
      'CSV: email, name, role, party, bio, photoUrl, phone, surgeries, contactPublic, active, ward, startDate, endDate',
    parse: (bytes) => parseUsers(bytes),
    preview: previewUsers,
    save: importUsers,
  })
  addKind(command, {
    name: 'cases',
    description:
      'CSV as written by `reeve export cases`; keeps references, times and status. Import wards and categories first. ' +
      'After an interruption, import the same file again: it goes on where it stopped',
    parse: (bytes, ctx, map) => parseCases(bytes, readHeadingMap(map), ctx.tenant.timezone),
    isMapped: true,
    preview: previewCases,
    save: importCases,
  })
}

function addKind<Input>(command: Command, kind: Kind<Input>): void {
  const { name, description, parse, preview, save, isMapped } = kind
  const own = command
    .command(`${name} <file>`)
    .description(description)
    .requiredOption('--tenant <slug>', 'the council')
    .option('--dry-run', 'only show what would be done')
    .option('--json', 'print JSON')
  if (isMapped)
    own.option(
      '--map <heading=field>',
      'assign another heading to a field; "heading=" ignores a column; may be repeated',
      (pair: string, before: readonly string[] = []) => [...before, pair],
    )
  own.action((file: string, { tenant, dryRun, json, map = [] }) =>
    withTenant(tenant, async (ctx) => {
      const inputs = parse(await readFile(file), ctx, map)
      const progress = progressBar(name, inputs.length)
      const counts = dryRun ? await preview(ctx, inputs) : await save(ctx, inputs, progress.step)
      progress.end()
      if (json) return printJson({ ...counts, dryRun: dryRun === true })
      const { created, updated, unchanged } = counts
      print(
        `${dryRun ? 'Would import' : 'Imported'} ${name}: ${created} new, ${updated} changed, ${unchanged} unchanged.`,
      )
    }),
  )
}

async function readFile(path: string): Promise<Uint8Array> {
  if (!existsSync(path) || !statSync(path).isFile())
    throw new AppError('not_found', `There is no file ${path}`)
  if (statSync(path).size > maxFileBytes) throw new AppError('too_large', `${path} is larger than 256 MiB`)
  return Bun.file(path).bytes()
}

const barWidth = 30

/** Shown on a terminal only. */
function progressBar(label: string, total: number): { step: () => void; end: () => void } {
  if (!process.stderr.isTTY) return { step: () => {}, end: () => {} }
  let done = 0
  let drawn = -1
  const step = () => {
    done++
    const filled = Math.floor((done / total) * barWidth)
    if (filled === drawn) return
    drawn = filled
    process.stderr.write(`\r${label} [${'#'.repeat(filled).padEnd(barWidth)}] ${done}/${total}`)
  }
  return { step, end: () => void process.stderr.write('\r\x1b[K') }
}
