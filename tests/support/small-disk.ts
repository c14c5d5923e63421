import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** Mounts a file system of this many KiB at a new folder; null if that is impossible here. Unmount it at the end. */
export function smallDisk(path: string, kib: number): string | null {
  mkdirSync(path)
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', path]).status === 0 ? path : null
}

/** Fills a small disk; returns the file to remove when there shall be room again. */
export function fillDisk(disk: string): string {
  const filler = join(disk, 'filler')
  // What does not fit any more is left out.
  spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k', 'count=200'])
  return filler
}
