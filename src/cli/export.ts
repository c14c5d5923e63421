import { type Command, Option } from 'commander'
import type { Ctx } from '../core/ctx'
import { type FileFormat, fileFormats, formatted, type TimesForm, timesForms } from '../core/files'
import type { Export } from '../core/transfer'
import { exportCases } from '../resources/cases/files/export.service'
import { residentTransferFields, transferFields } from '../resources/cases/files/fields'
import { transferCases } from '../resources/cases/files/transfer.service'
import { categoryExport } from '../resources/categories/transfer.service'
import { eventExport } from '../resources/events/transfer.service'
import { newsExport } from '../resources/news/transfer.service'
import { settingsExport } from '../resources/settings/transfer.service'
import { userExport } from '../resources/users/transfer.service'
import { wardExport } from '../resources/wards/transfer.service'
import { withTenant } from './support'

const exports: readonly Export[] = [
  wardExport,
  categoryExport,
  userExport,
  eventExport,
  newsExport,
  settingsExport,
]

export function addExportCommand(program: Command): void {
  const command = program.command('export').description('write data to standard output')
  for (const kind of exports) addKind(command, kind)
  command
    .command('cases')
    .description('export every case, archived ones last; `reeve import cases` can read the CSV')
    .requiredOption('--tenant <short-name>', 'the council')
    .addOption(new Option('--format <format>', 'output format').choices(fileFormats).default('csv'))
    .addOption(
      new Option('--times <form>', 'in CSV: times of the council for spreadsheets, or UTC for programs')
        .choices(timesForms)
        .default('local'),
    )
    .option('--residents', 'include residents’ names and contact details; this is recorded in the audit log')
    .action(({ tenant, format, times, residents = false }) =>
      withTenant(tenant, async (ctx) => {
        const exporting = residents ? { ...ctx, scopes: new Set(['residents:read'] as const) } : ctx
        for await (const text of textOf(exporting, format, times, residents)) await write(text)
      }),
    )
}

function addKind(command: Command, { name, formats, write: partsOf }: Export): void {
  command
    .command(name)
    .description(`${name} as a file; \`reeve import ${name}\` can read the file`)
    .requiredOption('--tenant <short-name>', 'the council')
    .addOption(new Option('--format <format>', 'output format').choices(formats).default(formats[0]))
    .action(({ tenant, format }) =>
      withTenant(tenant, async (ctx) => {
        for await (const text of partsOf(ctx, format)) await write(text)
      }),
    )
}

const archivedLast = [false, true]

async function* everyPart<T>(
  parts: (archived: boolean) => Promise<AsyncIterable<T>> | AsyncIterable<T>,
): AsyncGenerator<T> {
  for (const archived of archivedLast) yield* await parts(archived)
}

function textOf(
  ctx: Ctx,
  format: FileFormat,
  times: TimesForm,
  withResidents: boolean,
): AsyncGenerator<string> {
  if (format !== 'csv') {
    return formatted(
      format,
      { list: 'cases', columns: [] },
      everyPart((archived) => exportCases(ctx, { archived }, withResidents)),
    )
  }
  const fields = { ...transferFields, ...(withResidents ? residentTransferFields : {}) }
  return formatted(
    format,
    { list: 'cases', columns: Object.values(fields) },
    everyPart((archived) => transferCases(ctx, { archived }, { withResidents })),
    { times, timeZone: ctx.tenant.timezone, isExact: true },
  )
}

/** Waits for a slow reader, to keep little in memory. */
const write = (text: string) =>
  new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
