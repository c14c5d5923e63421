import type { AsideRows } from '../aside-worker'
import { openPool, rowsOf } from './connection'

/** As long as the reader waits for an answer, in milliseconds. */
const settings = { default_transaction_read_only: 'on', statement_timeout: '10000' }

/** Not prepared: what is looked for decides how it is found best. */
export const asideRows = (url: string): AsideRows =>
  rowsOf(openPool(url, { max: 4, settings, prepare: false }))
