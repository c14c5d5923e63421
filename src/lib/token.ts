import { base62, type RandomBytes, randomString } from './random'

/** 256 bits. */
const length = 43
const form = new RegExp(`^[${base62}]{${length}}$`)

/** A secret that is told to one person, in a cookie or a link; of it only the SHA-256 is kept. */
export const newToken = (random: RandomBytes): string => randomString(random, length, base62)

/** Whether the text has the form of one; needs no store. */
export const looksLikeToken = (text: string): boolean => form.test(text)
