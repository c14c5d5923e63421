import { Type } from '@sinclair/typebox'
import { Text } from '../schema'

export const UserName = Text(200)
export const EmailAddress = Text(254)
export const Password = Type.String()

/** In place of a hash, for a user who has no password yet. */
export const noPassword = ''
