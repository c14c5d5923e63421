import { Type } from '@sinclair/typebox'
import type { Ctx } from '../../core/ctx'
import { Nullable, OneOf, Strict } from '../../core/schema'
import { type Export, type Import, writeRecords } from '../../core/transfer'
import { recordFirst } from '../../core/write'
import { rightHanded } from './boundary'
import { readWardFile, type WardFileOptions, type WardInput } from './import'
import { importWards, previewWards, type WardImportCounts, type WardImportOptions } from './import.service'
import { getBoundary, listAllWards } from './store'
import { type WardRow, wardTiers } from './table'

const WardLine = Strict({
  name: Type.String(),
  nameCy: Nullable(Type.String()),
  slug: Type.String(),
  gssCode: Nullable(Type.String()),
  tier: OneOf(wardTiers),
  description: Nullable(Type.String()),
  enabled: Type.Boolean(),
  validFrom: Nullable(Type.String()),
  validTo: Nullable(Type.String()),
  electorate: Nullable(Type.Integer()),
})
type WardLine = (typeof WardLine)['static']

/** Only GeoJSON has the boundaries. */
export const wardExport: Export = {
  name: 'wards',
  formats: ['geojson', 'csv'],
  write: (ctx, format) =>
    format === 'geojson'
      ? features(ctx)
      : writeRecords(format, { list: 'wards', schema: WardLine }, lines(ctx)),
}

/** Every ward by slug, whether in use or not. The export is recorded first. */
async function exported(ctx: Ctx): Promise<WardRow[]> {
  await recordFirst(ctx, 'ward.export', [{ entity: 'ward', id: 'export' }])
  return (await listAllWards(ctx)).sort((a, b) => (a.slug < b.slug ? -1 : 1))
}

function lineOf(row: WardRow): WardLine {
  const { name, nameCy, slug, gssCode, tier, description, enabled, validFrom, validTo, electorate } = row
  return { name, nameCy, slug, gssCode, tier, description, enabled, validFrom, validTo, electorate }
}

async function* lines(ctx: Ctx): AsyncGenerator<WardLine[]> {
  yield (await exported(ctx)).map(lineOf)
}

/** One feature on each line. */
async function* features(ctx: Ctx): AsyncGenerator<string> {
  yield '{"type":"FeatureCollection","features":['
  let separator = '\n'
  for (const row of await exported(ctx)) {
    const boundary = await getBoundary(ctx, row.id)
    const geometry = boundary && rightHanded(boundary)
    yield separator + JSON.stringify({ type: 'Feature', properties: lineOf(row), geometry })
    separator = ',\n'
  }
  yield '\n]}\n'
}

export const wardImport: Import<WardInput, WardFileOptions & WardImportOptions, WardImportCounts> = {
  name: 'wards',
  description: 'GeoJSON, or CSV with names as in ONS files (WD24CD, WD24NM, WD24NMW) or Reeve’s own',
  parse: (bytes, _, options) => {
    const { wards, ignored } = readWardFile(bytes, options)
    return { inputs: wards, ignored }
  },
  preview: previewWards,
  save: importWards,
}
