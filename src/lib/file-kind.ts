const spreadsheet = 'open it there and save it as CSV UTF-8'

/** Makes GeoJSON with longitudes and latitudes of any map. */
export const toWgs84 = 'ogr2ogr -f GeoJSON -t_srs EPSG:4326 wards.geojson YOUR-FILE'
const map = `convert it with ${toWgs84}`

/** By the first bytes, as written here in Latin-1. */
const signatures: [start: string, reason: string][] = [
  ['%PDF', 'is a PDF: ask for the data as CSV UTF-8'],
  ['\xd0\xcf\x11\xe0', `is an old Excel workbook (.xls): ${spreadsheet}`],
  ['\0\0\x27\x0a', `is a shapefile: ${map}`],
  ['\x1e', `is a GeoJSON text sequence, without a FeatureCollection: ${map}`],
  ['\x1f\x8b', 'is compressed (gzip): unpack it first'],
  ['{\\rtf', 'is a document (RTF): save the table in it as CSV UTF-8'],
]

/** What a ZIP archive is, by a name of a file in it. */
const archives: [name: string, reason: string][] = [
  ['xl/workbook', `is an Excel workbook (.xlsx): ${spreadsheet}`],
  ['opendocument.spreadsheet', `is a LibreOffice spreadsheet (.ods): ${spreadsheet}`],
  ['Index/Document.iwa', `is a Numbers spreadsheet: ${spreadsheet}`],
  ['word/document', 'is a Word document: save the table in it as CSV UTF-8'],
  ['.kml', `is a map (KMZ): ${map}`],
  ['.shp', `is a zipped shapefile: ${map}`],
]
/** Where a GeoPackage says what it is (OGC 12-128, the application id of its database). */
const [geoPackageAt, geoPackage] = [68, 'GPKG']
const zip = 'PK\x03\x04'
/** The names stand at the start of an archive and again at its end. */
const searched = 65_536

/** Says of a file that is not text what it is and what to do; undefined for text. */
export function foreignFile(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 80)).toString('latin1')
  const known = signatures.find(([signature]) => start.startsWith(signature))
  if (known) return known[1]
  if (start.startsWith(geoPackage, geoPackageAt)) return `is a GeoPackage: ${map}`
  if (!start.startsWith(zip)) return undefined
  const ends = [bytes.subarray(0, searched), bytes.subarray(-searched)]
  const names = ends.map((part) => Buffer.from(part).toString('latin1')).join('')
  return archives.find(([name]) => names.includes(name))?.[1] ?? 'is a ZIP archive: unpack it first'
}

/** Says of a text that is another kind of file than a table what it is and what to do; undefined for a table. */
export function foreignText(text: string): string | undefined {
  const start = text.slice(0, 1_000).trimStart()
  if (/^[{[]/.test(start)) {
    const isMap = /"(FeatureCollection|Feature)"/.test(start)
    return isMap
      ? 'is GeoJSON, which holds wards, not CSV'
      : 'is JSON, not CSV: ask for the data as CSV UTF-8'
  }
  if (!start.startsWith('<')) return undefined
  if (/<kml/i.test(start)) return `is a map (KML): ${map}`
  if (/<(gml|wfs):|xmlns:gml/i.test(start)) return `is a map (GML): ${map}`
  if (/<(!doctype )?html|<table/i.test(start)) return `is a web page (HTML), not CSV: ${spreadsheet}`
  return 'is XML, not CSV: ask for the data as CSV UTF-8'
}
