/** Whether whole matrices and long histories are run, as `npm run drills` does, instead of a sample that covers them. */
export const isDrill = process.env.REEVE_TEST_DRILLS === '1'

/** How many of something a test takes: in a drill, or in every run. */
export const amount = (whole: number, sample: number): number => (isDrill ? whole : sample)
