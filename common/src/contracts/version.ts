/** The program's version; a test holds it equal to package.json. */
export const DOCTOWN_VERSION = '0.1.0'
