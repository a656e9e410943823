/**
 * Whether a file belongs to the tests of a project rather than to the library: `src/test/java/..`, `guava-tests/test/..`.
 * The folders that stand for the package are left out, because `org.junit.test` may well be somebody's interface.
 */
export function isTestFile(path: string, packageName: string): boolean {
  const folders = path.split('/').slice(0, -1)
  const names = packageName === '' ? [] : packageName.split('.')
  while (names.length > 0 && folders.length > 0 && names[names.length - 1] === folders[folders.length - 1]) {
    names.pop()
    folders.pop()
  }
  return folders.some((folder) => TESTS.has(folder))
}

/** The usual names of Maven's and Gradle's source sets that nobody imports. */
const TESTS = new Set([
  'test',
  'tests',
  'it',
  'jmh',
  'androidTest',
  'integrationTest',
  'functionalTest',
  'testFixtures',
  'benchmark',
  'benchmarks',
])
