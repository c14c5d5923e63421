import type { Issue } from '../lib/errors'

type Degrees = number | null | undefined
type Point = { latitude?: Degrees; longitude?: Degrees }

/** The half that a point lacks once `given` has changed it; none if the change leaves the point alone. */
export function missingHalf(path: string, given: Point, before: Point = {}): Issue[] {
  if (given.latitude === undefined && given.longitude === undefined) return []
  const [latitude, longitude] = [
    given.latitude === undefined ? before.latitude : given.latitude,
    given.longitude === undefined ? before.longitude : given.longitude,
  ]
  if ((latitude == null) === (longitude == null)) return []
  const [missing, other] = latitude == null ? ['latitude', 'longitude'] : ['longitude', 'latitude']
  const message = `Required where ${other} is given`
  return [{ in: 'body', path: `${path}.${missing}`, code: 'required', other: `${path}.${other}`, message }]
}
