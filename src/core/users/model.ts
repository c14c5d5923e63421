import { Type } from '@sinclair/typebox'
import { normalizeEmail } from '../../lib/contact-details'
import { Text } from '../schema'

export const UserName = Text(200)
export const EmailAddress = Text(254)
export const Password = Type.String()

/** A typed address in the form in which Reeve stores users’ addresses and counts attempts. */
export const typedAddress = (text: string): string =>
  normalizeEmail(text) ?? text.trim().toLowerCase().slice(0, 254)

/** In place of a hash, for a user who has no password yet. */
export const noPassword = ''
