import { existsSync, statSync } from 'node:fs'
import { type Command, Option } from 'commander'
import type { Import } from '../core/transfer'
import { AppError } from '../lib/errors'
import { encodings } from '../lib/import-file'
import type { FileOptions } from '../lib/table-file'
import { type ImportOptions, importCases, previewCases } from '../resources/cases/files/import.service'
import { parseCases } from '../resources/cases/files/parse'
import { categoryImport } from '../resources/categories/transfer.service'
import { eventImport } from '../resources/events/transfer.service'
import { newsImport } from '../resources/news/transfer.service'
import { settingsImport } from '../resources/settings/transfer.service'
import { userImport } from '../resources/users/transfer.service'
import type { WardFileOptions } from '../resources/wards/import'
import type { WardImportCounts, WardImportOptions } from '../resources/wards/import.service'
import { wardImport } from '../resources/wards/transfer.service'
import { date, listed } from './options'
import { print, printJson, withTenant } from './support'

const maxFileBytes = 256 * 1024 * 1024

type Options = FileOptions & WardFileOptions & WardImportOptions & Pick<ImportOptions, 'isRepeated'>

type Kind<Input> = Import<Input, Options, WardImportCounts> & {
  addOptions?: (command: Command) => void
}

export function addImportCommand(program: Command): void {
  const command = program
    .command('import')
    .description('import data from files; if one line of a file is wrong, nothing is imported')
  addKind(command, { ...wardImport, addOptions: addWardOptions })
  addKind(command, categoryImport)
  addKind(command, userImport)
  addKind(command, {
    name: 'cases',
    description:
      'CSV as written by `reeve export cases`; keeps references, times and status. Import wards and categories first. ' +
      'If it is interrupted, import the same file again: it carries on where it stopped',
    parse: (bytes, ctx, options) => ({ inputs: parseCases(bytes, ctx.tenant.timezone, options) }),
    preview: previewCases,
    save: importCases,
    addOptions: addCaseOptions,
  })
  addKind(command, eventImport)
  addKind(command, newsImport)
  addKind(command, { ...settingsImport, addOptions: () => {} })
}

function addTableOptions(command: Command): void {
  command
    .option(
      '--map <heading=field>',
      'what another heading stands for: one heading; repeat for more; "heading=" leaves its column out',
      (pair: string, before: readonly string[] = []) => [...before, pair],
    )
    .addOption(new Option('--encoding <name>', 'of a file that is not UTF-8').choices(encodings))
}

function addCaseOptions(command: Command): void {
  addTableOptions(command)
  command.option(
    '--again',
    'import a file once more whose cases have no references, and make these cases a second time',
  )
}

function addWardOptions(command: Command): void {
  addTableOptions(command)
  command
    .option(
      '--district <codes>',
      'only the wards of these districts, by a column such as LAD24CD; separated by commas',
      listed,
    )
    .option('--swap-coordinates', 'the file has the latitude first: exchange the two')
    .option('--end-missing <date>', 'the last day of the wards in use that the file lacks', date)
}

function addKind<Input>(command: Command, kind: Kind<Input>): void {
  const { name, description, addOptions = addTableOptions } = kind
  const own = command
    .command(`${name} <file>`)
    .description(description)
    .requiredOption('--tenant <short-name>', 'the council')
    .option('--dry-run', 'only show what would be done')
    .option('--json', 'print JSON')
  addOptions(own)
  own.action((file: string, { tenant, dryRun = false, json, map = [], encoding, ...given }) =>
    withTenant(tenant, async (ctx) => {
      const { district: districts, swapCoordinates: isSwapped, endMissing, again: isRepeated } = given
      const options: Options = { map, encoding, districts, isSwapped, endMissing, isRepeated }
      const { inputs, ignored = [] } = kind.parse(await readFile(file), ctx, options)
      const progress = progressBar(name, inputs.length)
      const counts = dryRun
        ? await kind.preview(ctx, inputs, options)
        : await kind.save(ctx, inputs, progress.step, options)
      progress.end()
      if (json) printJson({ ...counts, ...(ignored.length > 0 && { ignored }), dryRun })
      else printCounts(name, counts, { ignored, dryRun, endMissing })
    }),
  )
}

type Said = { ignored: readonly string[]; dryRun: boolean; endMissing: string | undefined }

function printCounts(name: string, counts: WardImportCounts, { ignored, dryRun, endMissing }: Said): void {
  const { created, updated, unchanged, missing } = counts
  print(
    `${dryRun ? 'Would import' : 'Imported'} ${name}: ${created} new, ${updated} changed, ${unchanged} unchanged.`,
  )
  if (ignored.length > 0) print(`Columns not read: ${ignored.join(', ')}.`)
  if (!missing) return
  const wards = `${missing.length} ${missing.length === 1 ? 'ward' : 'wards'} in use`
  const fate =
    endMissing === undefined
      ? 'They stay in use: --end-missing DATE ends them, with DATE as their last day.'
      : `${dryRun ? 'Their last day would be' : 'Their last day is'} ${endMissing}.`
  print(`The file lacks ${wards}: ${missing.join(', ')}. ${fate}`)
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
