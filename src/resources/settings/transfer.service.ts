import { type Static, Type } from '@sinclair/typebox'
import type { Ctx } from '../../core/ctx'
import { LocalDate, Strict, Text } from '../../core/schema'
import { editCalendar } from '../../core/tenants/calendar'
import { changeTenant, originIssues } from '../../core/tenants/service'
import { getTenant, toTenant } from '../../core/tenants/store'
import type { Export, Import } from '../../core/transfer'
import type { ImportCounts } from '../../core/upsert'
import { inspect } from '../../core/validation'
import { recordFirst } from '../../core/write'
import { isEqual } from '../../lib/equal'
import { AppError } from '../../lib/errors'
import { badFile, decodeText, parseJsonFile } from '../../lib/import-file'
import type { CalendarChanges } from '../../lib/workdays'
import { SettingsPatch, toTenantValues, toView } from './model'

/** Where the council’s days off differ from its nation’s bank holidays: extra ones, and bank holidays that it works. */
const DaysOff = Strict({
  added: Type.Array(Strict({ date: LocalDate, name: Text(100) })),
  removed: Type.Array(LocalDate),
})

const SettingsFile = Type.Composite([SettingsPatch, Strict({ daysOff: Type.Optional(DaysOff) })], {
  additionalProperties: false,
})
type SettingsFile = Static<typeof SettingsFile>

export const settingsExport: Export = { name: 'settings', formats: ['json'], write: exported }

/** One object, with one setting on each line. The export is recorded first. */
async function* exported(ctx: Ctx): AsyncGenerator<string> {
  await recordFirst(ctx, 'settings.export', [{ entity: 'tenant', id: ctx.tenantId }])
  const tenant = toTenant(await getTenant(ctx))
  yield `${JSON.stringify({ ...toView(tenant), daysOff: tenant.calendar }, null, 2)}\n`
}

function readSettings(bytes: Uint8Array): SettingsFile {
  const { issues, sound } = inspect(SettingsFile, parseJsonFile(decodeText(bytes)))
  issues.push(...originIssues(sound.corsOrigins ?? []))
  if (issues.length > 0)
    throw badFile(issues.map(({ path, message }) => ({ part: path || 'the file', reason: message })))
  return { ...sound, ...(sound.daysOff && { daysOff: calendarOf(sound.daysOff) }) }
}

const noChanges: CalendarChanges = { added: [], removed: [] }

function calendarOf({ added, removed }: Static<typeof DaysOff>): Static<typeof DaysOff> {
  try {
    const edited = editCalendar(noChanges, { off: added, work: removed })
    return { added: [...edited.added], removed: [...edited.removed] }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw badFile([{ part: 'daysOff', reason: error.message }])
  }
}

const valuesOf = ({ daysOff, ...patch }: SettingsFile) => ({
  ...toTenantValues(patch),
  ...(daysOff && { calendar: daysOff }),
})

const counted = (isChanged: boolean): ImportCounts => ({
  created: 0,
  updated: Number(isChanged),
  unchanged: Number(!isChanged),
})

async function previewSettings(ctx: Ctx, [file = {}]: readonly SettingsFile[]): Promise<ImportCounts> {
  const before = toTenant(await getTenant(ctx))
  return counted(!isEqual({ ...before, ...valuesOf(file) }, before))
}

/** Anybody who can run commands may change every setting. */
async function importSettings(
  ctx: Ctx,
  files: readonly SettingsFile[],
  onRow: () => void,
): Promise<ImportCounts> {
  const counts = await previewSettings(ctx, files)
  await changeTenant(ctx, 'settings.import', valuesOf(files[0] ?? {}))
  onRow()
  return counts
}

export const settingsImport: Import<SettingsFile> = {
  name: 'settings',
  description: 'JSON as written by `reeve export settings`; a setting that the file lacks stays as it is',
  parse: (bytes) => ({ inputs: [readSettings(bytes)] }),
  preview: previewSettings,
  save: importSettings,
}
