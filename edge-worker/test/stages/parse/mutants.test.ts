import { runMutants } from '../../support/run-mutants.js'

describe('a hundred mutants of walkdir', () => {
  it('are parsed and chunked without a loss, and twice the same', () => runMutants(100, 1)).timeout(60_000)
})
