/** Whether a symbol implements what a trait declares: its id names both, `src/dent.rs#<DirEntry as Clone>::clone`. */
export const isImplementation = (symbolId: string): boolean => symbolId.includes(' as ')
