/** Whether a file holds tests, benchmarks or examples by the customs of the languages: `tests/`, `x_test.go`, `x.test.ts`, `test_x.py`, `XTest.java`. */
export const isTestPath = (file: string): boolean =>
  /(?:^|\/)(?:tests?|__tests__|spec|benches|benchmarks?|examples?|testdata|fixtures)(?:\/|\.\w+$)|(?:^|\/)test_[^/]*\.py$|_test\.\w+$|\.(?:test|spec)\.\w+$|Test\.java$/.test(
    file,
  )
