/** Tests, benches and examples use a library; they are not what a reader came for. */
export const isTestFile = (file: string): boolean =>
  /(?:^|\/)(?:tests?|__tests__|specs?|benches|examples?)(?:\/|\.)|[._-](?:test|spec)\.\w+$|(?:^|\/)test_[^/]*$/.test(file)
