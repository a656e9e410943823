/** Whether a file holds tests, benchmarks or examples by the customs of the languages: `tests/`, `x_test.go`, `x.test.ts`, `x_spec.rb`, `test_x.py`, `XTest.java`, `XTests.swift`, `App.Tests/`. */
export const isTestPath = (file: string): boolean =>
  /(?:^|\/)(?:[\w.-]*[._-])?(?:[Tt]ests?|__tests__|__mocks__|[Ss]pecs?|benches|[Bb]enchmarks?|[Ee]xamples?|testdata|fixtures)(?:\/|\.\w+$)|(?:^|\/)test_[^/]*\.py$|_(?:test|spec)\.\w+$|\.(?:test|spec)\.\w+$|[a-z0-9](?:Tests?|Spec)\.(?:java|kt|scala|groovy|cs|swift|php)$/.test(
    file,
  )
