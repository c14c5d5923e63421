import { base62, type RandomBytes, randomString } from './random'

/** 256 bits. */
const length = 43
const form = new RegExp(`^[${base62}]{${length}}$`)

/** A secret for one person, in a cookie or a link; the store keeps only its SHA-256. */
export const newToken = (random: RandomBytes): string => randomString(random, length, base62)

/** Checks the form without asking the store. */
export const looksLikeToken = (text: string): boolean => form.test(text)
