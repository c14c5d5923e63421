import { Type } from '@sinclair/typebox'
import { Text } from '../schema'

export const UserName = Text(200)
export const EmailAddress = Text(254)
export const Password = Type.String()

/** No password has this hash. */
export const noPassword = ''
