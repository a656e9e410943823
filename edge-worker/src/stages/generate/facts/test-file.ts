/** Tests, benches and examples use a library; they are not what a reader came for. */
export const isTestFile = (file: string): boolean => /(?:^|\/)(?:tests?|benches|examples?)(?:\/|\.)/.test(file)
